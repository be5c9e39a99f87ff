const prefix = '=?base64?'
const suffix = '?='
const canonicalBase64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** The member of `params` that the Mcp-Name header repeats, per method (transports, standard headers; ext-tasks for `tasks/*`). */
export const nameSources = new Map([
  ['tools/call', 'name'],
  ['prompts/get', 'name'],
  ['resources/read', 'uri'],
  ['tasks/get', 'taskId'],
  ['tasks/update', 'taskId'],
  ['tasks/cancel', 'taskId'],
])

/** A value as a header carries it (SEP-2243): plain when it is visible ASCII that cannot be mistaken, else UTF-8 in Base64. */
export function encodeHeader(value: string): string {
  const plain = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(value) && !value.startsWith(prefix)
  return plain ? value : `${prefix}${Buffer.from(value, 'utf8').toString('base64')}${suffix}`
}

/** A header value as it is meant: plain, or UTF-8 in Base64 as `=?base64?…?=`. Null when that is not well-formed. */
export function decodeHeader(value: string): string | null {
  if (!value.startsWith(prefix) || !value.endsWith(suffix) || value.length < prefix.length + suffix.length) return value
  const inner = value.slice(prefix.length, -suffix.length)
  if (!canonicalBase64.test(inner)) return null
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(inner, 'base64'))
  } catch {
    return null
  }
}

/** An argument that a tool's schema marks as repeated in a header: where it lies, and in which header. */
type Declared = { path: string[]; header: string }

/** Schemas are nested by servers; nobody nests arguments deeper. */
const maxDepth = 16

function declaredIn(schema: unknown, path: string[]): Declared[] {
  if (typeof schema !== 'object' || schema === null || path.length > maxDepth) return []
  const { 'x-mcp-header': header, properties } = schema as { 'x-mcp-header'?: unknown; properties?: unknown }
  const own = typeof header === 'string' && path.length > 0 ? [{ path, header }] : []
  if (typeof properties !== 'object' || properties === null) return own
  return [...own, ...Object.entries(properties).flatMap(([key, child]) => declaredIn(child, [...path, key]))]
}

function valueAt(args: unknown, path: readonly string[]): unknown {
  let value = args
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Record<string, unknown>)[key]
  }
  return value
}

/**
 * What is wrong with the `Mcp-Param-*` headers of a call: each argument that the schema marks with `x-mcp-header` must be
 * repeated there when the body has it (SEP-2243). Null when nothing is.
 */
export function paramMismatch(
  inputSchema: unknown,
  args: unknown,
  headerOf: (name: string) => string | null,
): string | null {
  for (const { path, header } of declaredIn(inputSchema, [])) {
    const value = valueAt(args, path)
    if (!['string', 'number', 'boolean'].includes(typeof value)) continue
    const name = `Mcp-Param-${header}`
    const said = headerOf(name.toLowerCase())
    if (said === null) return `${name} is missing`
    const decoded = decodeHeader(said)
    if (decoded === null) return `${name} is not well-formed Base64`
    const same =
      typeof value === 'number' ? decoded.trim() !== '' && Number(decoded) === value : decoded === String(value)
    if (!same) return `${name} differs from \`${path.join('.')}\` in the body`
  }
  return null
}

/** What may stand after `Mcp-Param-` (RFC 9110, token). */
const token = /^[\w!#$%&'*+.^`|~-]{1,100}$/

/** The `Mcp-Param-*` headers of a call: each argument that the schema marks with `x-mcp-header` and that is there (SEP-2243). */
export function paramHeaders(inputSchema: unknown, args: unknown): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const { path, header } of declaredIn(inputSchema, [])) {
    const value = valueAt(args, path)
    if (!token.test(header) || !['string', 'number', 'boolean'].includes(typeof value)) continue
    headers[`mcp-param-${header.toLowerCase()}`] = encodeHeader(String(value))
  }
  return headers
}

/** Keywords of a schema that hold schemas by name, and those that hold data, in which nothing is marked. */
const byName = new Set(['patternProperties', 'dependentSchemas', '$defs', 'definitions'])
const data = new Set(['const', 'default', 'enum', 'examples'])
const sendableTypes: readonly unknown[] = ['string', 'integer', 'boolean']

/** Every schema in a schema, and whether it lies where an argument can be found by names of properties alone. */
function* schemasIn(schema: unknown): Generator<{ schema: Record<string, unknown>; reachable: boolean }> {
  const left = [{ value: schema, depth: 0, reachable: true }]
  for (let next = left.pop(); next; next = left.pop()) {
    const { value, depth, reachable } = next
    if (typeof value !== 'object' || value === null) continue
    const add = (child: unknown, is: boolean) => left.push({ value: child, depth: depth + 1, reachable: is })
    if (Array.isArray(value)) {
      for (const child of value) add(child, false)
      continue
    }
    yield { schema: value as Record<string, unknown>, reachable: reachable && depth > 0 && depth <= maxDepth }
    for (const [key, child] of Object.entries(value)) {
      if (key === 'properties') for (const each of Object.values(child ?? {})) add(each, reachable)
      else if (byName.has(key)) for (const each of Object.values(child ?? {})) add(each, false)
      else if (!data.has(key)) add(child, false)
    }
  }
}

/**
 * True when every `x-mcp-header` of a schema can be sent: a name that a header can have, none twice, on an argument that is a
 * text, a whole number or a boolean, and only where properties alone lead. A client must leave other tools out (SEP-2243).
 */
export function headersCanBeSent(inputSchema: unknown): boolean {
  const names = new Set<string>()
  for (const { schema, reachable } of schemasIn(inputSchema)) {
    if (!Object.hasOwn(schema, 'x-mcp-header')) continue
    const { 'x-mcp-header': name, type } = schema
    if (!reachable || typeof name !== 'string' || !token.test(name) || !sendableTypes.includes(type)) return false
    if (names.has(name.toLowerCase())) return false
    names.add(name.toLowerCase())
  }
  return true
}
