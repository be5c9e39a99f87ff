import { createHash } from 'node:crypto'
import { type Member, members, type Span } from '../json/spans.ts'

/**
 * Members of `params._meta` that name the request rather than the action: a client changes them each time it repeats the very
 * same call, so an approval must not be bound to them. Everything else in `_meta` counts.
 */
const perRequest: ReadonlySet<string> = new Set([
  'progressToken',
  'traceparent',
  'tracestate',
  'baggage',
  'callId',
  'claudecode/toolUseId',
  'x-codex-turn-metadata',
  'io.modelcontextprotocol/related-task',
])

/** What each request of 2026-07-28 says of who sends it, who is known by other means; what is longer says more than that. */
const ofSender: ReadonlySet<string> = new Set(
  ['protocolVersion', 'clientCapabilities', 'clientInfo', 'logLevel'].map((name) => `io.modelcontextprotocol/${name}`),
)
const longestOfSender = 1_024

/** Whether a member of `params._meta` names the request or its sender rather than the action. */
export function namesRequest({ key, value }: Member): boolean {
  return perRequest.has(key) || (ofSender.has(key) && value.end - value.start <= longestOfSender)
}

/**
 * What an approval is bound to: SHA-256, hex, over the raw bytes of `params` (contracts.md, args hash), leaving out only
 * what of `_meta` names the request (one that is no object counts as it is), and members of `params` named in `without`. Two calls that differ in
 * any other byte have different hashes.
 */
export function argsHash(raw: Buffer, params: Span, without: ReadonlySet<string> = new Set()): string {
  const hash = createHash('sha256')
  for (const { key, value } of members(raw, params)) {
    if (without.has(key)) continue
    hash.update(`${JSON.stringify(key)}:`)
    if (key !== '_meta' || raw[value.start] !== 0x7b) {
      hash.update(raw.subarray(value.start, value.end)).update('\n')
      continue
    }
    for (const meta of members(raw, value)) {
      if (!namesRequest(meta)) {
        hash
          .update(`${JSON.stringify(meta.key)}=`)
          .update(raw.subarray(meta.value.start, meta.value.end))
          .update(',')
      }
    }
    hash.update('\n')
  }
  return hash.digest('hex')
}
