import { jsonLines } from '../../ui/json-lines.ts'

type Members = Record<string, unknown>

/** Arguments laid out to be changed, every string and number as it was sent; what is no JSON stays as it is. */
export function laidOut(text: string): string {
  const lines = jsonLines(text)
  if (!lines) return text
  return lines.map(({ depth, pieces }) => '  '.repeat(depth) + pieces.map((piece) => piece.text).join('')).join('\n')
}

/**
 * What is plainly wrong with changed arguments, as a sentence; null when nothing is. `schema` is the text of the tool's JSON
 * Schema, of which only the outermost is looked at: the gateway checks all of it when it gets them.
 */
export function argumentsMistake(text: string, schema: string): string | null {
  const value = parsed(text)
  if (value === undefined) return 'This is not JSON yet.'
  if (!isMembers(value)) return 'Arguments are a JSON object: `{ "name": value }`.'
  const shape = parsed(schema)
  if (!isMembers(shape)) return null
  const properties = isMembers(shape.properties) ? shape.properties : {}
  const required = Array.isArray(shape.required) ? shape.required : []
  const lacks = required.find((name) => typeof name === 'string' && !Object.hasOwn(value, name))
  if (lacks !== undefined) return `\`${lacks}\` is missing.`
  const extra = Object.keys(value).find((name) => !Object.hasOwn(properties, name))
  if (shape.additionalProperties === false && extra !== undefined) return `The tool knows no \`${extra}\`.`
  for (const [name, property] of Object.entries(properties)) {
    const mistake = Object.hasOwn(value, name) && isMembers(property) ? valueMistake(value[name], property) : null
    if (mistake !== null) return `\`${name}\` ${mistake}.`
  }
  return null
}

function valueMistake(value: unknown, { type, enum: choices }: Members): string | null {
  const types = (Array.isArray(type) ? type : [type]).filter((it) => typeof it === 'string')
  if (types.length > 0 && !types.some((it) => isOf(value, it))) return `must be ${types.join(' or ')}`
  if (!Array.isArray(choices)) return null
  const same = choices.some((choice) => JSON.stringify(choice) === JSON.stringify(value))
  return same ? null : `must be one of ${choices.map((choice) => JSON.stringify(choice)).join(', ')}`
}

function isOf(value: unknown, type: string): boolean {
  if (type === 'null') return value === null
  if (type === 'array') return Array.isArray(value)
  if (type === 'object') return isMembers(value)
  if (type === 'integer') return Number.isInteger(value)
  return typeof value === type
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
