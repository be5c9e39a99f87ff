import { hash } from 'node:crypto'
import type { ApprovalView } from '../../../shared/approval.ts'
import { ToolgateError } from '../../../shared/errors.ts'
import type { AuditLog } from '../audit/log.ts'
import type { CoolDown } from '../fatigue/cool-down.ts'
import { newId } from '../ids.ts'
import type { Clock, Log, Notification } from '../ports.ts'
import type { Hold } from './hold.ts'
import type { LateGrants } from './late-grants.ts'
import { newShownSalt, type Proofs, type Shown, shownText } from './proof.ts'
import { roomFor } from './room.ts'

/** What a person is asked, before the queue adds its id and times. */
export type Question = Omit<
  ApprovalView,
  'id' | 'state' | 'created_at' | 'expires_at' | 'waiting' | 'caller_waits_until' | 'shown_hash'
> & {
  /** Client, user, session lineage, server, tool, args hash and fingerprint in one hash: what an answer is bound to. */
  binding: string
  /** Of the newest decision that asked: what the proof of an answer names besides. */
  decided: { snapshot: string | null; fingerprint: string }
}

/** How the wait of one call ended. `pending`: it waited long enough, the request goes on without it. `recheck`: policy changed. */
export type Answer =
  | { kind: 'approved' | 'denied'; approvalId: string; by: string; door: string; reason: string; shownHash: string }
  | { kind: 'expired' | 'cancelled' | 'pending' | 'recheck'; approvalId: string }

type Request = {
  view: Omit<ApprovalView, 'waiting' | 'caller_waits_until' | 'shown_hash'>
  /** Length of the view as JSON, in bytes. */
  size: number
  binding: string
  decided: Question['decided']
  /** Of the hash of what is shown. */
  salt: string
  /** Calls that hold a place here: they wait, or are being decided again and may come back. */
  places: number
  /** By who waits: until when, in milliseconds since 1970. */
  waiters: Map<(answer: Answer) => void, Hold['untilMs']>
  /** A caller was told to retry and may come back. */
  awaited: boolean
  /** When it ends at the latest, in monotonic milliseconds: a wall clock that is put back does not lengthen it. */
  endsMonotonic: number
  cancelExpiry: () => void
}

/** A place of one call in a request: `wait` for the answer; `leave`, once, when the call no longer needs it. */
export type Place = {
  id: string
  /** When the request ends, in milliseconds since 1970. */
  expiresMs: number
  wait: (signal: AbortSignal, hold: Hold) => Promise<Answer>
  leave: () => void
}

/** What the queue works with; `expiresMs`: how long a request stays open. */
export type ApprovalDeps = {
  clock: Clock
  audit: AuditLog
  grants: LateGrants
  proofs: Proofs
  user: string
  notify: (notification: Notification) => void
  /** Whether a person is told of one more request. */
  coolDown: CoolDown
  log: Log
  /** Hears when what `list` gives has changed. */
  onChange: () => void
  expiresMs: () => number
}

export type Approvals = ReturnType<typeof createApprovals>

/**
 * Calls that wait for a person. Identical ones share a request; an answer is bound to what was shown, wakes every call that
 * waits for it, and, when none waits any more, becomes a single-use grant for the same call (contracts.md, late grant).
 */
export function createApprovals(deps: ApprovalDeps) {
  const { clock, audit, grants } = deps
  const pending = new Map<string, Request>()
  const iso = (ms: number) => new Date(ms).toISOString()

  const settle = (request: Request, answer: Answer) => {
    for (const wake of [...request.waiters.keys()]) wake(answer)
  }
  const finish = (request: Request, answer: Answer) => {
    pending.delete(request.view.id)
    request.cancelExpiry()
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
  const record = (request: Request, answer: string, detail: Record<string, unknown>, also?: () => void) => {
    const { id, server, tool, level } = request.view
    const entry = { approval_id: id, answer, server, tool, level, waiting: request.waiters.size, ...detail }
    audit.append([{ kind: 'event', event: 'approval.settled', user_id: deps.user, detail: entry }], also)
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

  function open({ binding, decided, ...question }: Question): Request {
    const size = roomFor(question, [...pending.values()])
    const now = clock.now()
    const expiresMs = deps.expiresMs()
    const id = newId('apr', now)
    const view: Request['view'] = {
      ...question,
      ...{ id, state: 'pending' as const },
      created_at: iso(now),
      expires_at: iso(now + expiresMs),
    }
    const request: Request = {
      view,
      ...{ size, binding, decided, salt: newShownSalt() },
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
    deps.notify({ kind: 'approval', title: `${client.name} is waiting for you`, body: `${server} › ${tool} (${id})` })
    return request
  }

  /** Why a call is asked for may have changed since the request was opened: the newest reasons are shown. */
  function refresh(request: Request, question: Question): void {
    const { decided, why, rules, constraints, risk, findings, needs, definition, goes_to, editable } = question
    request.decided = decided
    Object.assign(request.view, { why, rules, constraints, risk, findings, needs, definition, goes_to, editable })
    deps.onChange()
  }

  function proofOf(
    request: Request,
    answer: 'approved' | 'denied',
    { by, door, pid, reason }: { by: string; door: string; pid: number | null; reason: string },
  ) {
    const now = clock.now()
    const held_ms = Math.max(0, now - Date.parse(request.view.created_at))
    const facts = { ...request.decided, binding: request.binding, held_ms, at: iso(now) }
    return deps.proofs.of(shownOf(request), request.salt, { ...facts, answer, by, door, pid, reason })
  }

  return {
    /**
     * A place in the request for this binding and level, opened if there is none. A call that was decided anew takes its next
     * place before it leaves the one it had, so that a request it comes back to stays. Throws TOO_MANY_PENDING or
     * MESSAGE_TOO_LARGE.
     */
    request(question: Question): Place {
      const alike = (r: Request) => r.binding === question.binding && r.view.level === question.level
      const same = alive([...pending.values()].find(alike))
      const request = same ?? open(question)
      if (same) refresh(same, question)
      request.places++
      // A card stays for a late answer only when somebody was told to come back for it; else nobody wants it any more.
      const leave = () => {
        request.places--
        if (request.places === 0 && !request.awaited && pending.has(request.view.id)) giveUp(request, 'cancelled')
      }
      const expiresMs = Date.parse(request.view.expires_at)
      return { id: request.view.id, expiresMs, wait: (signal, hold) => wait(request, signal, hold), leave }
    },

    list: (): ApprovalView[] => [...pending.values()].map(viewOf),

    /** Settles a request. Throws when it is gone, when what was shown is no longer true, or when the record cannot be written. */
    answer(
      id: string,
      answer: 'approve' | 'deny',
      shown: { hash: string; reason: string; by: string; door: string; pid: number | null },
    ): ApprovalView {
      const request = alive(pending.get(id))
      if (!request) throw new ToolgateError('APPROVAL_EXPIRED', `no request \`${id}\` is waiting`)
      const view = viewOf(request)
      if (answer === 'approve' && shown.hash !== view.shown_hash) {
        throw new ToolgateError('APPROVAL_PENDING', 'the request is no longer what you were shown, look at it again')
      }
      const kind = answer === 'approve' ? 'approved' : 'denied'
      const late = answer === 'approve' && request.waiters.size === 0
      const grant = {
        id: newId('grant', clock.now()),
        approval_id: id,
        binding: request.binding,
        level: view.level,
      }
      const detail = {
        by: shown.by,
        door: shown.door,
        reason: shown.reason,
        shown_hash: view.shown_hash,
        ...(late ? { grant_id: grant.id } : {}),
      }
      const proof = proofOf(request, kind, shown)
      record(request, kind, { ...detail, ...proof.detail }, () => {
        proof.keep()
        if (late) grants.add(grant)
      })
      deps.coolDown.answered()
      finish(request, {
        kind,
        approvalId: id,
        by: shown.by,
        door: shown.door,
        reason: shown.reason,
        shownHash: view.shown_hash,
      })
      return { ...view, state: kind }
    },

    /** After a change of policy or pins: every waiting call is decided again; those that still need it come back to the same request. */
    recheck(): void {
      for (const request of pending.values()) settle(request, { kind: 'recheck', approvalId: request.view.id })
    },

    /** This machine slept: what ran out meanwhile is over, what did not ends at its own moment. */
    wake(): void {
      for (const request of [...pending.values()]) arm(request)
    },

    /** Ends everything that waits, as when Toolgate is stopped. */
    cancelAll(): void {
      for (const request of [...pending.values()]) giveUp(request, 'cancelled')
    },
  }

  function wait(request: Request, signal: AbortSignal, hold: Hold): Promise<Answer> {
    const approvalId = request.view.id
    return new Promise((resolve) => {
      const leave = (answer: Answer) => {
        request.waiters.delete(leave)
        stopTimer()
        signal.removeEventListener('abort', abort)
        deps.onChange()
        resolve(answer)
      }
      const abort = () => leave({ kind: 'cancelled', approvalId })
      const look = () => {
        // News of progress may have kept the caller waiting, and a timer may be early.
        const leftMs = hold.leftMs()
        if (leftMs > 0) {
          stopTimer = clock.after(leftMs, look)
          return
        }
        request.awaited = true
        leave({ kind: 'pending', approvalId })
      }
      let stopTimer = clock.after(Math.max(0, hold.leftMs()), look)
      request.waiters.set(leave, hold.untilMs)
      deps.onChange()
      if (signal.aborted) abort()
      else signal.addEventListener('abort', abort, { once: true })
    })
  }
}

/** What an approval is bound to of what a person sees: how many calls wait is part of it. */
function shownOf({ view, waiters }: Request): Shown {
  const { state: _state, created_at: _created, expires_at: _expires, group: _group, ...shown } = view
  return { ...shown, waiting: waiters.size }
}

/** The request as a person sees it, with the hash that an approval must carry. */
function viewOf(request: Request): ApprovalView {
  const { view, waiters, salt } = request
  const until = Math.min(Date.parse(view.expires_at), Math.max(...[...waiters.values()].map((untilMs) => untilMs())))
  const waiting = waiters.size
  const shown_hash = hash('sha256', shownText(shownOf(request), salt))
  return { ...view, waiting, caller_waits_until: waiting > 0 ? new Date(until).toISOString() : null, shown_hash }
}
