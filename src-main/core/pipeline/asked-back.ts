import { createHash, randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import type { Clock } from '../ports.ts'
import type { CallRequest } from './call.ts'

/** How long a client may take to ask its person, and how many questions are kept: of one, and of all. */
const lifetimeMs = 10 * 60_000
const mostKept = { one: 100, all: 10_000 }
/** Members of `params` by which a repeated call differs from the one that it goes on with (MCP 2026-07-28). */
export const inputMembers: readonly string[] = ['inputResponses', 'requestState']
/** Under which the client answers. */
const inputKey = 'toolgate'

/**
 * A question that a client was given in the answer to its call, and what it brings of its person with the same call: null for no answer.
 * `rounds`: how often it was asked for this call.
 */
export type Brought = { approvalId: string; question: string; rounds: number; answer: 'approve' | 'deny' | null }

/**
 * How a client asks its person: while the call waits, which rejects when there is no answer; or, in the stateless generation, in the answer to
 * the call, which then is made again and brings what was said.
 */
export type AskPerson =
  | { how: 'meanwhile'; ask: (question: string, signal: AbortSignal) => Promise<'approve' | 'deny' | null> }
  | { how: 'in_answer'; brought: Brought | null }

type Kept = Omit<Brought, 'answer'> & { of: string; until: number }
type Asker = Pick<CallRequest, 'session' | 'client' | 'serverName'>

export type AskedBack = ReturnType<typeof createAskedBack>

/**
 * Questions to people that went to a client of the stateless generation in the answer to its call (MCP 2026-07-28, multi round-trip requests):
 * the client asks, and makes the call again with what was said. Good for the same client, lineage and server, once. `profile` is a path of it:
 * with the name of this machine it is the same after a restart, and no other's, which matters since a server may be another Toolgate, which asks in the same way.
 */
export function createAskedBack(clock: Clock, profile: string) {
  const kept = new Map<string, Kept>()
  // What the client brings says nothing: it is told apart from what servers give their clients, and is 256 random bits.
  const begins = `toolgate-asks-${createHash('sha256').update(`${hostname()} ${profile}`).digest('hex').slice(0, 16)}-`
  const of = ({ client, session, serverName }: Asker) => JSON.stringify([client.id, session.lineage, serverName])

  function makeRoom(asker: string): void {
    const own = [...kept].filter(([, each]) => each.of === asker)
    if (own.length >= mostKept.one) kept.delete(own[0]?.[0] ?? '')
    for (const [state, { until }] of kept) {
      if (kept.size < mostKept.all && until > clock.monotonic()) break
      kept.delete(state)
    }
  }

  return {
    /** Keeps a question of a call; gives the result that asks it. */
    ask(request: Asker, approvalId: string, question: string, rounds: number): Record<string, unknown> {
      makeRoom(of(request))
      const state = `${begins}${randomBytes(32).toString('base64url')}`
      kept.set(state, { approvalId, question, rounds, of: of(request), until: clock.monotonic() + lifetimeMs })
      const params = { mode: 'form', ...formOf(question) }
      const inputRequests = { [inputKey]: { method: 'elicitation/create', params } }
      return { resultType: 'input_required', inputRequests, requestState: state }
    },

    /** What a call brings of a question that it was answered with, which is then no longer kept; null for none that counts. */
    take(request: Asker, { requestState, inputResponses }: Record<string, unknown>): Brought | null {
      const found = kept.get(String(requestState))
      if (!found || found.of !== of(request) || found.until <= clock.monotonic()) return null
      kept.delete(String(requestState))
      const { approvalId, question, rounds } = found
      const given = (inputResponses ?? {}) as Record<string, unknown>
      return { approvalId, question, rounds, answer: saidIn(Object.hasOwn(given, inputKey) ? given[inputKey] : null) }
    },

    /** Whether what a client brings answers a question of ours: its server must not see it, whatever has become of the question. */
    isOurs: ({ requestState }: Record<string, unknown>): boolean =>
      typeof requestState === 'string' && requestState.startsWith(begins),
  }
}

/** The form of a question, as `elicitation/create` has it. */
export function formOf(message: string) {
  const allow = { type: 'boolean', title: 'Allow this call once', default: false }
  return { message, requestedSchema: { type: 'object', properties: { allow }, required: ['allow'] } }
}

/** What a person said to such a form; null when it was closed without an answer. */
export function saidIn(result: unknown): 'approve' | 'deny' | null {
  const { action, content } = (result ?? {}) as { action?: unknown; content?: { allow?: unknown } | null }
  if (action === 'decline') return 'deny'
  if (action !== 'accept' || typeof content?.allow !== 'boolean') return null
  return content.allow ? 'approve' : 'deny'
}
