import { createHash } from 'node:crypto'
import type { GivenBy } from '../approvals/who-may.ts'
import { canonicalJson } from '../audit/canonical.ts'
import { argsHash } from '../envelope/binding.ts'
import { givers } from '../grants/grants.ts'
import { paramsOf } from '../json/message.ts'
import type { Clock } from '../ports.ts'
import { inputMembers } from './asked-back.ts'
import type { CallRequest, ScreenedCall } from './call.ts'

/** How long a client may take to come back with what it was asked; so long is an approval good for that. */
const lifetimeMs = 10 * 60_000
const mostKept = 10_000
/** How often in a row a call may go on under one approval; the TypeScript SDK gives up then too. */
const mostRounds = 10

/** A call that was answered with a wish for input, as far as the call that brings it needs to know. `approval`: what settled it. */
export type Continued = {
  callId: string
  rounds: number
  approval: { id: string; level: number; fingerprint: string | null; people: readonly GivenBy[] } | null
}

export type Continuations = ReturnType<typeof createContinuations>

const added: ReadonlySet<string> = new Set(inputMembers)

/**
 * Calls that go on: in the stateless generation a server that wants input first ends the call, and the client makes it again with the
 * input and the server's `requestState` (MCP 2026-07-28, multi round-trip requests). Such a call is recorded under the id of the first, and
 * what a person approved is not asked again: for the same client, lineage, server, tool and arguments, exactly this state, and once.
 */
export function createContinuations(clock: Clock) {
  const kept = new Map<string, Continued & { until: number }>()

  function keyOf(request: CallRequest, state: string): string {
    const { client, session, serverName, toolName, message } = request
    const params = message.spans.get('params')
    const args = params ? argsHash(message.raw, params, added) : ''
    const bound = [client.id, session.lineage, serverName, message.method, toolName, args, state]
    return createHash('sha256').update(canonicalJson(bound)).digest('hex')
  }

  /** Only a client goes on; what a server asks in between may say anything. */
  function broughtBy({ from, message }: CallRequest): string | null {
    if (from !== 'client') return null
    const { requestState } = paramsOf(message)
    return typeof requestState === 'string' ? requestState : null
  }

  return {
    /** The call that this one goes on with; null when it is a call of its own. */
    find(request: CallRequest): Continued | null {
      const state = broughtBy(request)
      const found = state === null ? undefined : kept.get(keyOf(request, state))
      return found && found.until > clock.monotonic() ? found : null
    },

    /** True once: the approval of the call that this one goes on with settles it. */
    spendApproval(request: CallRequest, { approval }: Continued): boolean {
      const state = broughtBy(request)
      const found = state === null ? undefined : kept.get(keyOf(request, state))
      if (!found?.approval || found.approval !== approval) return false
      found.approval = null
      return true
    },

    /** Keeps a call whose answer wants input, until it goes on. */
    note(call: ScreenedCall): void {
      const { resultType, requestState } = (call.answer.json.result ?? {}) as Record<string, unknown>
      if (call.request.from !== 'client' || resultType !== 'input_required' || typeof requestState !== 'string') return
      for (const [key, { until }] of kept) {
        if (kept.size < mostKept && until > clock.monotonic()) break
        kept.delete(key)
      }
      const rounds = (call.continues?.rounds ?? 0) + 1
      const given = rounds > mostRounds ? null : approvalOf(call)
      const { fingerprint } = call.envelope.tool
      const approval = given && { ...given, level: call.decision.approval_level ?? 0, fingerprint }
      const key = keyOf(call.request, requestState)
      kept.delete(key)
      const callId = call.continues?.callId ?? call.id
      kept.set(key, { callId, rounds, approval, until: clock.monotonic() + lifetimeMs })
    },
  }
}

/** The approval that let a call run, and who gave it. */
function approvalOf({ settledBy }: ScreenedCall): { id: string; people: readonly GivenBy[] } | null {
  switch (settledBy.kind) {
    case 'policy':
      return null
    case 'grant':
      return { id: settledBy.grant.approval_id, people: givers(settledBy.grant) }
    default:
      return { id: settledBy.approvalId, people: settledBy.people }
  }
}
