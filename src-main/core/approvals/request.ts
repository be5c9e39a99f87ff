import type { ApprovalView } from '../../../shared/approval.ts'
import type { Learned } from '../grants/offers.ts'
import type { GrantSubject } from '../grants/subject.ts'
import type { Editing } from './edit.ts'
import type { Given } from './given.ts'
import type { Hold } from './hold.ts'
import type { GivenBy } from './who-may.ts'

/** What a person is asked, before the queue adds its id and times. */
export type Question = Omit<
  ApprovalView,
  'editable' | 'id' | 'state' | 'created_at' | 'expires_at' | 'waiting' | 'caller_waits_until' | 'people' | 'shown_hash'
> & {
  /** Client, user, session lineage, server, tool, args hash and fingerprint in one hash: what an answer is bound to. */
  binding: string
  /** Of the newest decision that asked: what the proof of an answer names besides. */
  decided: { snapshot: string | null; fingerprint: string }
  /** Null where the arguments cannot be edited. */
  editing: Editing | null
}

/** How the wait of one call ended. `pending`: it waited long enough, the request goes on without it; `asked_in_client`: its client asks its person and comes back. `recheck`: policy changed. */
export type Answer =
  | {
      kind: 'approved' | 'denied'
      approvalId: string
      by: string
      door: string
      reason: string
      shownHash: string
      /** Of a yes: all who gave it. */
      people: readonly GivenBy[]
      /** The arguments that it runs with instead, when the person changed them. */
      edited: string | null
    }
  | { kind: 'expired' | 'cancelled' | 'pending' | 'asked_in_client' | 'recheck'; approvalId: string }

/** A request that is open. */
export type Request = {
  view: Omit<ApprovalView, 'waiting' | 'caller_waits_until' | 'people' | 'shown_hash'>
  /** Length of the view as JSON, in bytes. */
  size: number
  binding: string
  decided: Question['decided']
  editing: Editing | null
  /** What grants look at of the newest call that asked. */
  subject: GrantSubject
  /** What people allowed before, once somebody asked for it. */
  learned?: Learned | null
  /** Answers of people, where it takes several and has not all of them. */
  given: Given[]
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

/** A place of one call in a request: `wait` for the answer, or `comeBack` for it; `leave`, once, when the call no longer needs it. */
export type Place = {
  id: string
  /** When the request ends, in milliseconds since 1970. */
  expiresMs: number
  wait: (signal: AbortSignal, hold: Hold) => Promise<Answer>
  /** Its caller was told to make the call again: the request stays open without it. */
  comeBack: () => void
  leave: () => void
}
