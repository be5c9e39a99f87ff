import { reasons } from '../../../shared/errors.ts'
import { namesOf, tooManyCalls } from '../constraints/check-call.ts'
import { settersOf } from '../constraints/set-by.ts'
import type { Deps, ForwardedCall, SendResult, SettledCall } from './call.ts'
import { alert, refusedBy } from './constrain.ts'
import { decidedNow } from './judge.ts'
import { noteHeld } from './note-held.ts'
import { noteRan } from './note-ran.ts'
import { GrantSpent, Refused } from './refused.ts'

/** JSON-RPC errors that say the request itself is wrong: repeating it cannot help. */
const final = new Set([-32700, -32600, -32601, -32602])

/**
 * Stages 8 and 9: commits the decision and each attempt before its bytes leave, then sends under the constraints. What
 * changes the world waits until its record would survive a power cut; for a read the reply waits instead. Throws Refused.
 */
export async function forward(call: SettledCall, deps: Deps): Promise<ForwardedCall> {
  const { constraints } = call.decision
  const started = deps.clock.monotonic()
  const budget = constraints.max_runtime_sec === undefined ? null : constraints.max_runtime_sec * 1000
  for (let attempt = 1; ; attempt++) {
    if (call.request.signal.aborted) throw new Refused('CALL_CANCELLED', 'cancelled')
    await (attempt === 1 ? counted(call, deps) : commit(call, attempt, deps))
    await deps.probe('recorded')
    if (attempt === 1) noteRan(call, deps)
    const durable = deps.audit.durable()
    // A rejection is met where the reply waits for it; until then it must not count as unhandled.
    durable.catch(() => {})
    if (call.envelope.tool.action !== 'read') await durable
    await deps.probe('durable')
    const left = budget === null ? null : budget - (deps.clock.monotonic() - started)
    const result =
      left !== null && left <= 0
        ? ({ kind: 'timeout' } as const)
        : await call.request.send(call.request.message, attempt, left)
    if (result.kind === 'answer' && !(failed(result) && (await mayRepeat(call, attempt, deps)))) {
      noteHeld(call, attempt, deps.clock.monotonic() - started, deps)
      return {
        ...call,
        answer: result.message,
        attempts: attempt,
        upstreamMs: deps.clock.monotonic() - started,
        durable,
      }
    }
    if (result.kind !== 'answer') throw ended(result, call)
  }
}

/**
 * Counts the call towards its rate limits and commits it. What was free when it was checked may be taken by now: calls that wait for
 * nothing overtake each other. Counted once, however often it is tried; a call that cannot be recorded is not made and does not count.
 */
async function counted(call: SettledCall, deps: Deps): Promise<void> {
  const taken = deps.rates.take(call.checked.counts)
  if ('undo' in taken) {
    try {
      return await commit(call, 1, deps)
    } catch (error) {
      taken.undo()
      throw error
    }
  }
  const broken = tooManyCalls(taken, call.bounding)
  call.trail.bounded(refusedBy(broken))
  alert(call, broken, deps)
  const reason = `${reasons.RATE_LIMITED[0]}: ${broken.detail}`
  throw new Refused('RATE_LIMITED', 'blocked', [reason], broken.retryAfterSec)
}

/** Writes the entry of this attempt; a grant is used up in the same transaction, so that it can never run twice. */
function commit(call: SettledCall, attempt: number, { grants }: Deps): Promise<void> {
  const { settledBy } = call
  if (settledBy.kind !== 'grant' || attempt > 1) return call.trail.forwarding(call, attempt)
  const consume = () => {
    if (grants.consume(settledBy.grant.id)) return
    // Others took what was left of it at the same moment.
    if (settledBy.grant.duration !== 'once') throw new GrantSpent()
    throw new Refused('APPROVAL_EXPIRED', 'expired', ['The approval was used already.'])
  }
  return call.trail.forwarding(call, attempt, consume)
}

/**
 * Only what review marked as repeatable, within `max_retries`, and never on a one-time approval (contracts.md, bindings); nor what was decided
 * otherwise since it was sent.
 */
async function mayRepeat(call: SettledCall, attempt: number, deps: Deps): Promise<boolean> {
  const repeatable = call.tool?.review.repeatable === true && call.settledBy.kind === 'policy'
  if (!repeatable || attempt > (call.decision.constraints.max_retries ?? 0)) return false
  return (await decidedNow(call, deps).catch(() => null)) !== null
}

function failed(result: SendResult & { kind: 'answer' }): boolean {
  const error = result.message.json.error as { code?: unknown } | undefined
  return error !== undefined && !(typeof error?.code === 'number' && final.has(error.code))
}

function ended(result: Exclude<SendResult, { kind: 'answer' }>, call: SettledCall): Refused {
  switch (result.kind) {
    case 'timeout':
      call.trail.bounded({
        ...{ bound: 'max_runtime_sec', ...namesOf(settersOf(call.bounding, 'max_runtime_sec')), result: 'refused' },
        detail: 'it was cancelled',
      })
      return new Refused('RUNTIME_EXCEEDED', 'failed', [`The limit is ${call.decision.constraints.max_runtime_sec} s.`])
    case 'cancelled':
      return new Refused('CALL_CANCELLED', 'cancelled')
    case 'unreadable':
      return new Refused('RESULT_WITHHELD', 'withheld', [
        'The server answered with something that is not one well-formed message.',
      ])
    case 'lost':
      return new Refused(result.error.code, 'failed', [result.error.message])
    default:
      return new Refused('SERVER_EXITED', 'failed')
  }
}
