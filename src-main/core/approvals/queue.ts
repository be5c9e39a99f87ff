import type { ApprovalView, GrantChoice } from '../../../shared/approval.ts'
import { ToolgateError } from '../../../shared/errors.ts'
import type { AuditLog } from '../audit/log.ts'
import type { CoolDown } from '../fatigue/cool-down.ts'
import type { Grants } from '../grants/grants.ts'
import type { Learned, Offer } from '../grants/offers.ts'
import type { GrantSubject } from '../grants/subject.ts'
import { newId } from '../ids.ts'
import { ownerId } from '../people/people.ts'
import type { Clock, Log, Notification } from '../ports.ts'
import type { Which } from '../stop/stopping.ts'
import { checkEdited, mustBeEditable } from './edit.ts'
import { neededPeople } from './given.ts'
import { newShownSalt, type Proofs } from './proof.ts'
import type { Answer, Place, Question, Request } from './request.ts'
import { roomFor } from './room.ts'
import { viewOf } from './shown-request.ts'
import { createTaking, type GivenAnswer, notificationDoor } from './take-answer.ts'
import { waitForAnswer } from './wait-for-answer.ts'
import type { WhoMay } from './who-may.ts'

/** What the queue works with; `expiresMs`: how long a request stays open. */
export type ApprovalDeps = {
  clock: Clock
  audit: AuditLog
  grants: Pick<Grants, 'late' | 'prepare' | 'offers'>
  proofs: Proofs
  user: string
  whoMay: WhoMay
  /** Who an answer is of, by their id. */
  personOf: (id: string) => { name: string } | null
  notify: (notification: Notification) => void
  /** Whether more than one person answers here. */
  several: () => boolean
  /** Whether a person is told of one more request. */
  coolDown: CoolDown
  /** What people allowed often enough that more of it is suggested. */
  learn: (call: GrantSubject, level: number) => Learned | null
  log: Log
  /** Hears when what `list` gives has changed. */
  onChange: () => void
  expiresMs: () => number
}

/** Of so many requests it is remembered how they ended, for callers that come back. */
const mostEnded = 1_000

export type Approvals = ReturnType<typeof createApprovals>

/**
 * Calls that wait for a person. Identical ones share a request; an answer is bound to what was shown, wakes every call that
 * waits for it, and, when none waits any more, becomes a single-use grant for the same call (contracts.md, late grant).
 */
export function createApprovals(deps: ApprovalDeps) {
  const { clock, audit, grants, whoMay } = deps
  const pending = new Map<string, Request>()
  const ended = new Map<string, Answer['kind']>()
  const iso = (ms: number) => new Date(ms).toISOString()
  const peopleOf = (request: Request) => neededPeople(request, whoMay, deps.personOf)
  const seen = (request: Request) => viewOf(request, peopleOf(request))

  const settle = (request: Request, answer: Answer) => {
    for (const wake of [...request.waiters.keys()]) wake(answer)
  }
  const finish = (request: Request, answer: Answer) => {
    pending.delete(request.view.id)
    request.cancelExpiry()
    for (const oldest of ended.keys()) if (ended.size >= mostEnded) ended.delete(oldest)
    ended.set(request.view.id, answer.kind)
    settle(request, answer)
    deps.onChange()
  }
  /** Ends a request without an answer. That allows nothing, so it must not fail when it cannot be recorded. */
  const giveUp = (request: Request, kind: 'cancelled' | 'expired') => {
    const approvalId = request.view.id
    try {
      record(request, kind, {})
    } catch (error) {
      deps.log.error('the end of a request could not be recorded', { request: approvalId, kind, error: String(error) })
    }
    if (kind === 'expired') deps.coolDown.expired(request.view)
    finish(request, { kind, approvalId })
  }
  const record = (
    request: Request,
    answer: string,
    detail: Record<string, unknown>,
    also?: () => void,
    event = 'settled',
  ) => {
    const { id, server, tool, level } = request.view
    const entry = { approval_id: id, answer, server, tool, level, waiting: request.waiters.size, ...detail }
    audit.append([{ kind: 'event', event: `approval.${event}`, user_id: deps.user, detail: entry }], also)
  }

  /** By whichever clock says so first: the monotonic one may stand still while this machine sleeps, as timers do. */
  const leftMs = ({ view, endsMonotonic }: Request) =>
    Math.min(Date.parse(view.expires_at) - clock.now(), endsMonotonic - clock.monotonic())

  function arm(request: Request): void {
    request.cancelExpiry()
    const left = leftMs(request)
    if (left <= 0) giveUp(request, 'expired')
    else request.cancelExpiry = clock.after(left, () => giveUp(request, 'expired'))
  }

  /** A request that can still be answered; one that ran out without its timer, as when the wall clock jumped, ends here. */
  function alive(request: Request | undefined): Request | null {
    if (request && leftMs(request) <= 0) giveUp(request, 'expired')
    return request && pending.has(request.view.id) ? request : null
  }

  function open({ binding, decided, editing, ...question }: Question, subject: GrantSubject): Request {
    const size = roomFor(question, [...pending.values()])
    const now = clock.now()
    const expiresMs = deps.expiresMs()
    const id = newId('apr', now)
    const view: Request['view'] = {
      ...question,
      ...{ id, state: 'pending' as const, editable: editing !== null },
      created_at: iso(now),
      expires_at: iso(now + expiresMs),
    }
    const request: Request = {
      view,
      ...{ size, binding, decided, editing, subject, salt: newShownSalt(), given: [] },
      places: 0,
      waiters: new Map(),
      awaited: false,
      endsMonotonic: clock.monotonic() + expiresMs,
      cancelExpiry: clock.after(expiresMs, () => giveUp(request, 'expired')),
    }
    pending.set(id, request)
    deps.onChange()
    const { client, server, tool } = view
    if (deps.coolDown.until(view) !== null) return request
    const title = `${client.name} is waiting for you`
    // Of several people nobody could tell who said it.
    const denying = deps.several() ? {} : { deny: () => denyAtNotification(id) }
    deps.notify({ kind: 'approval', title, body: `${server} › ${tool} (${id})`, ...denying })
    return request
  }

  /** A no of the one person of this machine, who need not prove to be there to say it. */
  function denyAtNotification(id: string): void {
    const request = alive(pending.get(id))
    if (!request || deps.several()) return
    const said = { hash: '', reason: '', person: ownerId, by: deps.user }
    try {
      taking.take(request, 'deny', { ...said, door: notificationDoor, pid: null }, { choice: null, edited: null })
    } catch (error) {
      deps.log.error('a no at a notification could not be recorded', { request: id, error: String(error) })
    }
  }

  /** Why a call is asked for may have changed since the request was opened: the newest reasons are shown. */
  function refresh(request: Request, question: Question): void {
    const { decided, editing, why, rules, constraints, risk, findings, definition, goes_to } = question
    request.decided = decided
    request.editing = editing
    Object.assign(request.view, {
      why,
      rules,
      constraints,
      risk,
      findings,
      definition,
      goes_to,
      editable: editing !== null,
    })
    deps.onChange()
  }

  function need(id: string): Request {
    const request = alive(pending.get(id))
    if (!request) throw new ToolgateError('APPROVAL_EXPIRED', `no request \`${id}\` is waiting`)
    return request
  }

  function recheckAll(): void {
    for (const request of pending.values()) settle(request, { kind: 'recheck', approvalId: request.view.id })
  }

  const taking = createTaking(deps, { record, seen, peopleOf, finish, recheckAll })

  return {
    /**
     * A place in the request for this binding and level, opened if there is none. A call that was decided anew takes its next
     * place before it leaves the one it had, so that a request it comes back to stays. Throws TOO_MANY_PENDING or
     * MESSAGE_TOO_LARGE.
     */
    request(question: Question, subject: GrantSubject): Place {
      const alike = (r: Request) => r.binding === question.binding && r.view.level === question.level
      const same = alive([...pending.values()].find(alike))
      const request = same ?? open(question, subject)
      if (same) refresh(same, question)
      request.subject = subject
      request.places++
      // A card stays for a late answer only when somebody was told to come back for it; else nobody wants it any more.
      const leave = () => {
        request.places--
        if (request.places === 0 && !request.awaited && pending.has(request.view.id)) giveUp(request, 'cancelled')
      }
      const comeBack = () => {
        request.awaited = true
      }
      const { id, expires_at } = request.view
      const expiresMs = Date.parse(expires_at)
      return { id, expiresMs, wait: (signal, hold) => waitForAnswer(request, signal, hold, deps), comeBack, leave }
    },

    /** How a request stands, or how it ended; null for one that nobody remembers. */
    stateOf: (id: string) => (alive(pending.get(id)) ? 'open' : (ended.get(id) ?? null)),

    list: (): ApprovalView[] => [...pending.values()].map(seen),

    /** How many wait. */
    count: () => pending.size,

    /** One that waits, as a person sees it; null when it is gone. */
    find(id: string): ApprovalView | null {
      const request = pending.get(id)
      return request ? seen(request) : null
    },

    /** For what more than its call a request may be answered. Throws when it is gone. */
    offers(id: string): Offer[] {
      const request = need(id)
      // What takes several people is allowed once: nobody alone says for how much more it counts.
      if ((whoMay.needsAt(request.view.level)?.answers ?? 1) > 1) return []
      // Looked up once: what is suggested does not change under a person's hands.
      if (request.learned === undefined) request.learned = deps.learn(request.subject, request.view.level)
      return grants.offers(request.subject, request.view.level, request.learned)
    },

    /** What grants look at of a request, and its level. Throws when it is gone. */
    subjectOf(id: string): { subject: GrantSubject; level: number } {
      const { subject, view } = need(id)
      return { subject, level: view.level }
    },

    /** Whether a request may be answered with these arguments. Throws when it is gone, and EDIT_REFUSED. */
    async tryEdited(id: string, argumentsText: string): Promise<void> {
      const request = need(id)
      await checkEdited(argumentsText, request.view.level, mustBeEditable(request, true))
    },

    /**
     * Takes an answer: a no ends the request, a yes too once it has all that it takes. Throws when it is gone, when what was shown is no
     * longer true, when this person's yes is none, or when the record cannot be written.
     */
    answer(
      id: string,
      answer: 'approve' | 'deny',
      shown: GivenAnswer,
      { choice = null, edited = null }: { choice?: GrantChoice | null; edited?: string | null } = {},
    ): ApprovalView {
      return taking.take(need(id), answer, shown, { choice, edited })
    },

    /** After a change of policy or pins: every waiting call is decided again; those that still need it come back to the same request. */
    recheck: recheckAll,

    /** This machine slept: what ran out meanwhile is over, what did not ends at its own moment. */
    wake(): void {
      for (const request of [...pending.values()]) arm(request)
    },

    /** Ends what waits of the calls that `which` picks, as when they are stopped. */
    cancel(which: Which): void {
      for (const request of [...pending.values()]) {
        const { server, client } = request.subject
        if (which({ server, client: client.id })) giveUp(request, 'cancelled')
      }
    },
  }
}
