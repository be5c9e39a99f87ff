/** Place of a value in a configuration: keys of maps and positions in lists. */
export type Place = readonly (string | number)[]

/**
 * A configuration file as text that can be changed at one place without touching anything else: comments, order, spaces and
 * line ends stay. Each change gives the new text whole; open it again for the next.
 */
export type ConfigDocument = {
  /** Everything as plain data; undefined for an empty file. */
  data: unknown
  /** Sets the value at a place; maps on the way there are made. Throws `UnreadableConfig` where a value is in the way. */
  set: (place: Place, value: unknown) => string
  /** Takes out what is at a place; the same text when nothing is. */
  remove: (place: Place) => string
}

/** Formats that clients use: JSON with or without comments, TOML, YAML. */
export const configFormats = ['json', 'toml', 'yaml'] as const
export type ConfigFormat = (typeof configFormats)[number]

/** A file that is no document of its format, or not one that can be changed safely. `line` and `column` count from 1. */
export class UnreadableConfig extends Error {
  readonly line: number | null
  readonly column: number | null
  constructor(message: string, at: { line: number; column: number } | null = null) {
    super(at ? `line ${at.line}, column ${at.column}: ${message}` : message)
    this.line = at?.line ?? null
    this.column = at?.column ?? null
  }
}

/** A place as one text, to look things up by. */
export const placeKey = (place: Place): string => JSON.stringify(place)

/** The value at a place in plain data; undefined when there is none. */
export function valueIn(data: unknown, place: Place): unknown {
  let value = data
  for (const step of place) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
    value = (value as Record<string | number, unknown>)[step]
  }
  return value
}

/** Line and column of an offset, from 1. */
export function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n')
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 }
}

/** How the lines of a text end: as most of them do. */
export function lineEndOf(text: string): '\r\n' | '\n' {
  const all = text.split('\n').length - 1
  return all > 0 && text.split('\r\n').length - 1 > all / 2 ? '\r\n' : '\n'
}
