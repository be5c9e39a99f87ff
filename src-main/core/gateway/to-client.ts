import { type ReasonCode, ToolgateError } from '../../../shared/errors.ts'
import { parseExact } from '../json/exact.ts'
import { checkKeys, type KnownKeys, knownKeys, type Message, metaSpan, paramOf, parseMessage } from '../json/message.ts'
import { duplicateKey } from '../json/outline.ts'
import {
  type Edit,
  elements,
  type Member,
  member,
  members,
  type Span,
  splice,
  textOf,
  wholeValue,
} from '../json/spans.ts'
import type { ToolDefinition } from '../registry/definition.ts'
import type { Finding } from '../safety/scan.ts'
import { screenJson } from '../safety/screen.ts'

/** Our application code, outside the range that JSON-RPC and MCP reserve. */
const refusedCode = 40301

/** Where JSON-RPC or MCP has a code of its own (tasks: an id that is not known is `Invalid params`). */
const rpcCodes: { [code in ReasonCode]?: number } = {
  MALFORMED_MESSAGE: -32600,
  MESSAGE_TOO_LARGE: -32600,
  TASK_UNKNOWN: -32602,
}

/** The JSON-RPC error for a request other than a tool call that Toolgate refuses, with its stable code and what to do. */
export function errorLine(idText: string, error: unknown, serverName: string): Buffer {
  const known = error instanceof ToolgateError ? error : new ToolgateError('INTERNAL')
  const code: ReasonCode = known.code
  const rpcCode = rpcCodes[code] ?? refusedCode
  const hint = known.hint.replaceAll(/<name>|<server>/g, serverName)
  const body = { code: rpcCode, message: `Toolgate: ${known.message} (what to do: ${hint})`, data: { code, hint } }
  return Buffer.from(`{"jsonrpc":"2.0","id":${idText},"error":${JSON.stringify(body)}}`)
}

/** The answer of a server that does not know a method. */
export function unknownMethodLine(idText: string, method: string): Buffer {
  const error = { code: -32601, message: `Method not found: ${method}` }
  return Buffer.from(`{"jsonrpc":"2.0","id":${idText},"error":${JSON.stringify(error)}}`)
}

/** Members of `params` by which a message of the server names a request: masked, nobody would know which one it is about. */
const names = new Map([
  ['notifications/progress', 'progressToken'],
  ['notifications/cancelled', 'requestId'],
])

/** Where a message says which request it is, or is about. A request may name itself a second time, for news of its progress. */
function namesIn(message: Message): Span[] {
  const { raw, id, kind, method } = message
  const meta = kind === 'request' ? metaSpan(message) : null
  const named = kind === 'notification' ? names.get(method ?? '') : undefined
  const name = named === undefined ? meta && member(raw, meta, 'progressToken') : paramOf(message, named)
  return [id?.span, name].filter((span) => span !== undefined && span !== null)
}

/**
 * A message for the client with findings masked anywhere but where it names a request; its own bytes when there are none. Throws
 * MALFORMED_MESSAGE when it is no message any more, as when two keys become one.
 */
export function screenMessage(message: Message): { line: Buffer; findings: Finding[] } {
  const screened = screenJson(message.raw, wholeValue(message.raw), namesIn(message))
  if (screened.findings.length > 0) parseMessage(screened.line)
  return screened
}

/** A list that a server gives: under which key, what names an item, and the members that a client reads. */
export type Listing = { list: string; named: string; keys: KnownKeys }

const described = ['name', 'title', 'description', 'annotations', '_meta', 'icons']

/** The lists of a server. */
export const listings = {
  tools: { list: 'tools', named: 'name', keys: knownKeys(...described, 'inputSchema', 'outputSchema', 'execution') },
  resources: { list: 'resources', named: 'uri', keys: knownKeys(...described, 'uri', 'mimeType', 'size') },
  templates: {
    list: 'resourceTemplates',
    named: 'uriTemplate',
    keys: knownKeys(...described, 'uriTemplate', 'mimeType'),
  },
  prompts: { list: 'prompts', named: 'name', keys: knownKeys(...described, 'arguments') },
  tasks: { list: 'tasks', named: 'taskId', keys: knownKeys('taskId', 'status', 'statusMessage') },
} as const satisfies { [name: string]: Listing }

/** How long a client may keep a list from which something was left out, in ms: what it may see can change at any time. */
const longestKept = 60_000

/** The answer to `tools/list` without the tools that `keep` turns down; see `filterList`. */
export function filterTools(message: Message, keep: (tool: ToolDefinition) => boolean): Buffer {
  return filterList(message, listings.tools, (item) => keep(item as ToolDefinition))
}

/**
 * The answer to a list request without the items that `keep` turns down, the rest byte for byte. `keep` sees every item that has a name;
 * one without cannot be asked for, and is left out. What was cut is nobody else's to keep (`cacheScope`), nor for long (`ttlMs`).
 * Throws MALFORMED_MESSAGE when the list could be read in two ways, since the client might read the other one.
 */
export function filterList(
  message: Message,
  { list, named, keys }: Listing,
  keep: (item: Record<string, unknown>) => boolean,
): Buffer {
  const { raw } = message
  const result = message.spans.get('result')
  if (!result) return raw
  const outer = members(raw, result)
  checkKeys(outer, knownKeys(list, 'nextCursor', '_meta', 'resultType', 'ttlMs', 'cacheScope'), `the list of ${list}`)
  const twice = duplicateKey(raw, result)
  if (twice !== null) throw new ToolgateError('MALFORMED_MESSAGE', `a key appears twice in the list of ${list}`)
  const whole = outer.find(({ key }) => key === list)?.value
  if (!whole) return raw
  const spans = elements(raw, whole)
  const kept = spans.filter((span) => {
    checkKeys(members(raw, span), keys, `the list of ${list}`)
    const item = parseExact(textOf(raw, span)) as Record<string, unknown> | null
    return typeof item?.[named] === 'string' && keep(item)
  })
  if (kept.length === spans.length) return raw
  const cut = { span: whole, text: `[${kept.map((span) => textOf(raw, span)).join(',')}]` }
  return splice(raw, [cut, ...cacheEdits(raw, outer)])
}

function cacheEdits(raw: Buffer, found: readonly Member[]): Edit[] {
  return found.flatMap(({ key, value }): Edit[] => {
    if (key === 'cacheScope') return [{ span: value, text: '"private"' }]
    if (key !== 'ttlMs') return []
    const ms = Number(textOf(raw, value))
    return ms <= longestKept ? [] : [{ span: value, text: String(longestKept) }]
  })
}
