import type { Outcome } from '../../../shared/audit.ts'
import { type ReasonCode, reasons, ToolgateError } from '../../../shared/errors.ts'
import type { Kind } from '../../../shared/traffic.ts'

/**
 * Of a call that waits for a person: `retry` says that exactly the same call joins its request, or runs once it was approved late;
 * `expires_at` is when the request ends.
 */
export type RefusalFacts = { retry?: 'same_call'; approval_id?: string; expires_at?: string }

/** A call that goes no further: why, in which outcome it is recorded, and what both agent and person are told. */
export class Refused extends ToolgateError {
  readonly outcome: Outcome
  /** Sentences beyond the standard one: the rule that decided, what changed, how to answer. */
  readonly lines: readonly string[]
  /** Seconds after which the same call may succeed; null when waiting does not help. */
  readonly retryAfterSec: number | null
  /** What programs are told besides: how the call can be made again. */
  readonly facts: RefusalFacts
  constructor(
    code: ReasonCode,
    outcome: Outcome,
    lines: readonly string[] = [],
    retryAfterSec: number | null = null,
    facts: RefusalFacts = {},
  ) {
    super(code)
    this.name = 'Refused'
    this.outcome = outcome
    this.lines = lines
    this.retryAfterSec = retryAfterSec
    this.facts = facts
  }
}

/** Any failure as a refusal: what we did not foresee refuses the call too. */
export function asRefused(error: unknown): Refused {
  if (error instanceof Refused) return error
  if (error instanceof ToolgateError) return new Refused(error.code, 'failed', [error.message])
  return new Refused('INTERNAL', 'failed')
}

/** Our application code, outside the range that JSON-RPC and MCP reserve. */
const refusedCode = 40301

/** What a refused call was, as far as its answer needs it. */
type RefusedCall = {
  idText: string
  from: 'client' | 'server'
  kind: Kind
  generation: 'legacy' | 'modern'
  callId: string
  serverName: string
}

/**
 * The answer to a refused call. Of a tool, a tool result with `isError`, so that the model reads why and what to do instead of a
 * protocol failure; `_meta` carries the stable code for programs. `resultType` is what protocol 2026-07-28 requires. Of anything
 * else, the error that the protocol has, with the same words. A server learns no more than the code: neither rules nor people's words.
 */
export function refusalLine(call: RefusedCall, refused: Refused): Buffer {
  if (refused instanceof AskedInAnswer)
    return Buffer.from(`{"jsonrpc":"2.0","id":${call.idText},"result":${JSON.stringify(refused.result)}}`)
  const [message, hint] = reasons[refused.code]
  const { code, retryAfterSec, facts } = refused
  const retry = { ...(retryAfterSec === null ? {} : { retry_after_sec: retryAfterSec }), ...facts }
  const next = hint.replaceAll(/<name>|<server>/g, call.serverName)
  if (call.from === 'server') {
    const error = { code: refusedCode, message: 'Toolgate: this is not passed on', data: { code } }
    return Buffer.from(`{"jsonrpc":"2.0","id":${call.idText},"error":${JSON.stringify(error)}}`)
  }
  // A line that says the standard sentence with more detail takes its place.
  const fuller = refused.lines.find((line) => line.startsWith(message))
  const rest = refused.lines.filter((line) => line !== fuller).map((line) => `${line}\n`)
  const text = [
    `Toolgate refused this ${call.kind === 'tool' ? 'call' : 'request'} (${code}): ${fuller ?? message}.\n`,
    ...rest,
    `What to do: ${next}.\nCall ${call.callId}.`,
  ].join('')
  if (call.kind !== 'tool') {
    const error = { code: refusedCode, message: text, data: { code, hint: next, call_id: call.callId, ...retry } }
    return Buffer.from(`{"jsonrpc":"2.0","id":${call.idText},"error":${JSON.stringify(error)}}`)
  }
  const result = {
    ...(call.generation === 'modern' ? { resultType: 'complete' } : {}),
    content: [{ type: 'text', text }],
    isError: true,
    _meta: { 'dev.toolgate/refusal': { code, call_id: call.callId, ...retry } },
  }
  return Buffer.from(`{"jsonrpc":"2.0","id":${call.idText},"result":${JSON.stringify(result)}}`)
}

/** A call whose client is to ask its person and to make it again: `result` says so (MCP 2026-07-28, multi round-trip requests). */
export class AskedInAnswer extends Refused {
  readonly result: Record<string, unknown>
  constructor(result: Record<string, unknown>) {
    super('APPROVAL_PENDING', 'pending', ['The client asks its person.'])
    this.name = 'AskedInAnswer'
    this.result = result
  }
}

/** Thrown before anything of a call was sent: a grant for several calls is used up, so that somebody has to be asked after all. */
export class GrantSpent extends ToolgateError {
  constructor() {
    super('APPROVAL_EXPIRED', 'the grant was used up')
  }
}
