import type { CallName, Input, Output } from '../../../shared/calls.ts'
import type { WhoView } from '../../../shared/people.ts'

/**
 * Through which door a call came. `present`: a person proved to be there on this connection; `pid`: the process that claims
 * to have opened a terminal's connection, checked whenever presence is proved.
 * `who`: which person that is; absent: the owner of the machine, who alone answers where there is nobody else.
 */
export type Door = (
  | { name: 'terminal'; present: boolean; pid: number }
  | { name: 'app'; present: false; pid: null }
  | { name: 'approval'; present: boolean; pid: null; answering: Answering }
) & { who?: WhoView | null }

/** Who is at a door, as records name them: of several people the one who unlocked it, else the owner of the gateway. */
export function nameAt(door: Door, owner: string): string {
  return door.who?.name ?? owner
}

/** What the approval page must bring to answer: a ticket for what it showed, and from level 4 the person once more. */
export type Answering = {
  /** A ticket for exactly this request as it is shown now; `armedInMs` is how long it does not count yet. */
  issue: (shown: { id: string; shownHash: string }) => { ticket: string; armedInMs: number }
  /** Uses a ticket up. Throws `CallError` TICKET_STALE when it is not one for this, was used, is too old, or must be armed and is not. */
  redeem: (ticket: string | undefined, shown: { id: string; shownHash: string }, armed: boolean) => void
  /** Makes sure, once more, that it is the person: by the platform's authentication, else by `pin`. Throws `CallError`. */
  again: (pin: string | undefined, reason: string) => Promise<void>
}

/** One handler per call of the table; a missing one does not compile. Throw `CallError` or `ToolgateError` to refuse. */
export type Handlers = { [N in CallName]: (input: Input<N>, door: Door) => Promise<Output<N>> | Output<N> }

/** Calls whose answer depends on the connection they come through: presence is proved per connection. */
type PresenceCall = Extract<CallName, `presence.${string}`>

/** What the core supplies once for all connections. */
export type CoreHandlers = Omit<Handlers, PresenceCall>

/** What a connection of a terminal brings along, and what an approval page does. */
export type TerminalPresence = Pick<Handlers, 'presence.challenge' | 'presence.enroll' | 'presence.prove'>
export type ApprovalPresence = Pick<
  Handlers,
  'presence.state' | 'presence.enroll' | 'presence.prove' | 'presence.leave'
>

/** What answers on one connection. */
export type ConnectionHandlers = CoreHandlers & Partial<Pick<Handlers, PresenceCall>>
