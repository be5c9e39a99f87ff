import type { ApprovalView, GrantChoice } from '../../../shared/approval.ts'
import { CallError } from '../../../shared/call-errors.ts'
import { ToolgateError } from '../../../shared/errors.ts'
import type { NeededPeople } from '../../../shared/people.ts'
import { mustBeEditable } from './edit.ts'
import { askedHash, type Given, stillGiven } from './given.ts'
import type { ApprovalDeps } from './queue.ts'
import type { Answer, Request } from './request.ts'
import { shownOf } from './shown-request.ts'
import type { GivenBy } from './who-may.ts'

/** An answer as it comes from a door: who gives it, by id and in words, and the hash of what they saw. */
export type GivenAnswer = {
  hash: string
  reason: string
  person: string
  by: string
  door: string
  pid: number | null
}

/** The door of an answer for which a client gives its word, and nobody else. */
export const clientDoor = 'client'

/** The door of a no that was said at a notification, which has no other answer (contracts.md, doors). */
export const notificationDoor = 'notification'

/** What an answer says beyond yes or no. */
type Beyond = { choice: GrantChoice | null; edited: string | null }

/** What taking an answer does to the queue. */
type Queue = {
  record: (
    request: Request,
    answer: string,
    detail: Record<string, unknown>,
    also?: () => void,
    event?: 'given' | 'lapsed',
  ) => void
  seen: (request: Request) => ApprovalView
  peopleOf: (request: Request) => NeededPeople | undefined
  finish: (request: Request, answer: Answer) => void
  recheckAll: () => void
}

/** Takes people's answers to requests of a queue: keeps a yes until there are as many as it takes, and ends the request then. */
export function createTaking(deps: ApprovalDeps, { record, seen, peopleOf, finish, recheckAll }: Queue) {
  const { clock, grants, whoMay } = deps
  const iso = (ms: number) => new Date(ms).toISOString()

  /** What an answer proves; `with`: the earlier answers that count beside it. */
  function proofOf(
    request: Request,
    answer: 'approved' | 'denied',
    { by, door, pid, reason, person }: GivenAnswer,
    together: { stands_for: string | null; with: readonly Given[]; needed: number; edited: string | null },
  ) {
    const now = clock.now()
    const held_ms = Math.max(0, now - Date.parse(request.view.created_at))
    const facts = { ...request.decided, binding: request.binding, held_ms, at: iso(now) }
    const others = together.with.map(({ person: who, stands_for, at }) => ({ person: who, stands_for, at }))
    const who = { person, stands_for: together.stands_for, answers: together.needed, with: others }
    const shown = shownOf(request, peopleOf(request))
    return deps.proofs.of(shown, request.salt, { ...facts, ...who, answer, by, door, pid, reason }, together.edited)
  }

  /** The answers that a request has and that count now; those that no longer do are dropped, on record. */
  function sweep(request: Request): Given[] {
    const still = stillGiven(request, whoMay)
    const lapsed = request.given.filter((each) => !still.includes(each)).map(({ person }) => person)
    request.given = still
    if (lapsed.length === 0) return still
    try {
      record(request, 'lapsed', { people: lapsed }, undefined, 'lapsed')
    } catch (error) {
      // What is dropped allows nothing.
      deps.log.error('that an answer no longer counts could not be recorded', { error: String(error) })
    }
    return still
  }

  function deny(request: Request, view: ApprovalView, shown: GivenAnswer): ApprovalView {
    const proof = proofOf(request, 'denied', shown, { stands_for: null, with: [], needed: 1, edited: null })
    settleAs(request, 'denied', shown, view, {
      ...{ people: [], edited: null, detail: proof.detail, also: proof.keep },
    })
    return { ...view, state: 'denied' }
  }

  function approve(
    request: Request,
    view: ApprovalView,
    before: readonly Given[],
    shown: GivenAnswer,
    { choice, edited }: Beyond,
  ): ApprovalView {
    const { level, client } = view
    const way = whoMay.place(level, client, shown.person, before)
    const needed = whoMay.needsAt(level)?.answers ?? 1
    if (needed > 1 && edited !== null)
      throw new CallError('EDIT_REFUSED', 'several people answer what is asked as it is')
    if (needed > 1 && choice) throw new CallError('BAD_INPUT', 'what takes several people is allowed once')
    const given = { ...way, at: iso(clock.now()), asked: askedHash(request), waiting: request.waiters.size }
    const people = [...before, given]
    const proof = proofOf(request, 'approved', shown, { stands_for: way.stands_for, with: before, needed, edited })
    if (people.length < needed) {
      const { by, door, reason } = shown
      const detail = { by, door, reason, shown_hash: view.shown_hash, person: shown.person, ...proof.detail }
      record(request, 'approved', detail, proof.keep, 'given')
      request.given = people
      deps.coolDown.answered()
      deps.onChange()
      return seen(request)
    }
    const late = request.waiters.size === 0
    const granting = choice ? grants.prepare(request.subject, level, choice, request.learned ?? null) : null
    const by = {
      approvalId: view.id,
      by: shown.by,
      door: shown.door,
      reason: shown.reason,
      people: people.map(onlyWho),
    }
    const also = () => {
      proof.keep()
      if (granting) granting.give(by)
      else if (late) grants.late(request.subject, level, by)
    }
    const detail = {
      ...(granting && choice ? { grant: choice.duration } : {}),
      ...(granting && choice?.calls !== undefined ? { grant_calls: choice.calls } : {}),
      ...(granting?.suggested ? { suggested: granting.suggested } : {}),
      ...(edited === null ? {} : { edited: true }),
      ...proof.detail,
    }
    settleAs(request, 'approved', shown, view, { people: by.people, edited, detail, also })
    // Others that wait may be covered by what was granted.
    if (granting) recheckAll()
    return { ...view, state: 'approved' }
  }

  function settleAs(
    request: Request,
    kind: 'approved' | 'denied',
    { by, door, reason, person }: GivenAnswer,
    { id, shown_hash }: ApprovalView,
    {
      people,
      edited,
      detail,
      also,
    }: { people: readonly GivenBy[]; edited: string | null; detail: Record<string, unknown>; also: () => void },
  ): void {
    record(request, kind, { by, door, reason, shown_hash, person, ...detail }, also)
    if (door !== clientDoor) deps.coolDown.answered()
    finish(request, { kind, approvalId: id, by, door, reason, shownHash: shown_hash, people, edited })
  }

  return {
    take(request: Request, answer: 'approve' | 'deny', shown: GivenAnswer, beyond: Beyond): ApprovalView {
      const before = sweep(request)
      const view = seen(request)
      if (answer === 'approve' && shown.hash !== view.shown_hash) {
        throw new ToolgateError('APPROVAL_PENDING', 'the request is no longer what you were shown, look at it again')
      }
      // A late yes lets the next call run, of which a client's word says nothing.
      if (answer === 'approve' && shown.door === clientDoor && request.waiters.size === 0) {
        throw new ToolgateError('APPROVAL_EXPIRED', 'no call waits for it any more')
      }
      if (beyond.edited !== null) mustBeEditable(request, answer === 'approve' && beyond.choice === null)
      return answer === 'deny' ? deny(request, view, shown) : approve(request, view, before, shown, beyond)
    },
  }
}

function onlyWho({ person, stands_for }: GivenBy): GivenBy {
  return { person, stands_for }
}
