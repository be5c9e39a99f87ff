import { type ReasonCode, ToolgateError } from '../../../shared/errors.ts'
import { parseExact } from '../json/exact.ts'
import { checkKeys, knownKeys, type Message } from '../json/message.ts'
import { duplicateKey, elements, member, members, type Span, splice, textOf, wholeValue } from '../json/spans.ts'
import type { ToolDefinition } from '../registry/definition.ts'
import type { Finding } from '../safety/scan.ts'
import { screenJson } from '../safety/screen.ts'

/** Our application code, outside the range that JSON-RPC and MCP reserve. */
const refusedCode = 40301

/** The JSON-RPC error for a request other than a tool call that Toolgate refuses, with its stable code and what to do. */
export function errorLine(idText: string, error: unknown, serverName: string): Buffer {
  const known = error instanceof ToolgateError ? error : new ToolgateError('INTERNAL')
  const code: ReasonCode = known.code
  const rpcCode = code === 'MALFORMED_MESSAGE' || code === 'MESSAGE_TOO_LARGE' ? -32600 : refusedCode
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
function namesIn({ raw, id, kind, method, spans }: Message): Span[] {
  const params = kind === 'response' ? undefined : spans.get('params')
  const holder = params && (kind === 'request' ? member(raw, params, '_meta') : params)
  const key = kind === 'request' ? 'progressToken' : names.get(method ?? '')
  const name = holder && key !== undefined ? member(raw, holder, key) : null
  return [id?.span, name].filter((span) => span !== undefined && span !== null)
}

/** A message for the client with findings masked anywhere but where it names a request; its own bytes when there are none. */
export function screenMessage(message: Message): { line: Buffer; findings: Finding[] } {
  return screenJson(message.raw, wholeValue(message.raw), namesIn(message))
}

/** Members of a tool list, and of a tool, that a client reads. */
const listKeys = knownKeys('tools', 'nextCursor', '_meta', 'resultType', 'ttlMs', 'cacheScope')
const toolKeys = knownKeys(
  'name',
  'title',
  'description',
  'inputSchema',
  'outputSchema',
  'annotations',
  '_meta',
  'icons',
  'execution',
)

/**
 * The answer to `tools/list` without the tools that `keep` turns down, the rest byte for byte. `keep` sees every definition.
 * Throws MALFORMED_MESSAGE when the list could be read in two ways, since the client might read the other one.
 */
export function filterTools(message: Message, keep: (tool: ToolDefinition) => boolean): Buffer {
  const { raw } = message
  const result = message.spans.get('result')
  if (!result) return raw
  checkKeys(members(raw, result), listKeys, 'the list of tools')
  const twice = duplicateKey(raw, result)
  if (twice !== null) throw new ToolgateError('MALFORMED_MESSAGE', 'a key appears twice in the list of tools')
  const list = member(raw, result, 'tools')
  if (!list) return raw
  const spans = elements(raw, list)
  const kept = spans.filter((span) => {
    checkKeys(members(raw, span), toolKeys, 'a tool')
    const tool = parseExact(textOf(raw, span)) as ToolDefinition
    return typeof tool?.name === 'string' && keep(tool)
  })
  if (kept.length === spans.length) return raw
  return splice(raw, [{ span: list, text: `[${kept.map((span) => textOf(raw, span)).join(',')}]` }])
}
