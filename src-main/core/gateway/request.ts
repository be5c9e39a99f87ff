import { ToolgateError } from '../../../shared/errors.ts'
import { argsHash } from '../envelope/binding.ts'
import { parseExact } from '../json/exact.ts'
import type { Message } from '../json/message.ts'
import { member, textOf } from '../json/spans.ts'
import type { CallRequest } from '../pipeline/call.ts'
import type { SessionInfo } from './session.ts'

const versionKey = 'io.modelcontextprotocol/protocolVersion'
const clientInfoKey = 'io.modelcontextprotocol/clientInfo'

/** Which protocol generation a request speaks: 2026-07-28 says so in every request, earlier ones never do. */
export function generationOf(message: Message): 'legacy' | 'modern' {
  const { _meta } = (message.json.params ?? {}) as { _meta?: Record<string, unknown> }
  return typeof _meta === 'object' && _meta !== null && versionKey in _meta ? 'modern' : 'legacy'
}

/** What a client calls itself: in `initialize`, or, from 2026-07-28 on, in the metadata of its requests; null when it does not. */
export function claimedName({ json, method }: Message): string | null {
  const params = (json.params ?? {}) as { clientInfo?: unknown; _meta?: Record<string, unknown> }
  const info = method === 'initialize' ? params.clientInfo : params._meta?.[clientInfoKey]
  const name = (info as { name?: unknown } | null | undefined)?.name
  return typeof name === 'string' && name !== '' ? name.slice(0, 80) : null
}

/**
 * A `tools/call` message as the pipeline takes it; throws MALFORMED_MESSAGE when it is none. The lineage that approvals are bound to is the
 * connection, or, for the stateless generation, the client's credential with the server (contracts.md, bindings).
 */
export function toRequest(
  message: Message,
  from: SessionInfo & Pick<CallRequest, 'live' | 'send' | 'signal'>,
): CallRequest {
  const span = message.spans.get('params')
  const params = message.json.params as { name?: unknown; arguments?: unknown } | undefined
  if (!span || typeof params?.name !== 'string')
    throw new ToolgateError('MALFORMED_MESSAGE', 'a call needs `params.name`')
  const given = member(message.raw, span, 'arguments')
  const argumentsText = given ? textOf(message.raw, given) : '{}'
  const args = parseExact(argumentsText)
  if (typeof args !== 'object' || args === null || Array.isArray(args)) {
    throw new ToolgateError('MALFORMED_MESSAGE', '`params.arguments` must be an object')
  }
  const generation = generationOf(message)
  // A claimed name is anybody's: only a credential carries an approval from one connection to the next.
  const stateless = generation === 'modern' && from.client.identity === 'verified'
  const lineage = stateless ? `${from.client.id} ${from.serverName}` : from.id
  return {
    message,
    params: message.raw.subarray(span.start, span.end),
    toolName: params.name,
    args: args as Record<string, unknown>,
    argumentsText,
    argsHash: () => argsHash(message.raw, span),
    generation,
    serverName: from.serverName,
    session: { id: from.id, lineage },
    client: { ...from.client },
    live: from.live,
    send: from.send,
    signal: from.signal,
  }
}
