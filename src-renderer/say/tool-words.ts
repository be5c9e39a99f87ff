import { type Action, actions } from '../../shared/envelope.ts'

/** The words of a tool name: `deleteUser`, `delete_user` and `users.delete` all hold `delete`. */
export function wordsOf(name: string): Set<string> {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
  return new Set(words)
}

/** Whether one of the words, parted by blanks, is among those of a tool name. */
export function hasAny(words: ReadonlySet<string>, wanted: string): boolean {
  return wanted.split(' ').some((word) => words.has(word))
}

/** Whether `action` is no graver than `most`: a tool that may do more than its name says is not described by its name. */
export function atMost(action: Action, most: Action): boolean {
  return actions.indexOf(action) <= actions.indexOf(most)
}

/** What is given under these names, each value once: no empty text or list. Of several nobody here knows which one counts. */
export function givenUnder(args: Record<string, unknown>, names: string): unknown[] {
  const found = new Map<string, unknown>()
  for (const name of names.split(' ')) {
    const value = args[name]
    const empty = typeof value === 'string' ? value.trim() === '' : Array.isArray(value) && value.length === 0
    if (value !== undefined && value !== null && !empty) found.set(JSON.stringify(value), value)
  }
  return [...found.values()]
}

/** The text under these names; null when there is none, or something else beside it. */
export function textOf(args: Record<string, unknown>, names: string): string | null {
  const [text, ...others] = givenUnder(args, names)
  return typeof text === 'string' && others.length === 0 ? text : null
}

/** Whether a value is a list of nothing but texts. */
export function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
