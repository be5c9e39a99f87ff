import type { CallName, Input, Output } from '../../../shared/calls.ts'

/**
 * Through which door a call came. `present`: a person proved to be there on this connection within the last minutes;
 * `pid`: the process that claims to have opened the connection, checked whenever presence is proved.
 */
export type Door = { name: 'terminal'; present: boolean; pid: number }

/** One handler per call of the table; a missing one does not compile. Throw `CallError` or `ToolgateError` to refuse. */
export type Handlers = { [N in CallName]: (input: Input<N>, door: Door) => Promise<Output<N>> | Output<N> }

/** Calls whose answer depends on the connection they come through: presence is proved per connection. */
export type PresenceCall = Extract<CallName, `presence.${string}`>

/** What the core supplies once for all connections. */
export type CoreHandlers = Omit<Handlers, PresenceCall>

/** What each connection brings along. */
export type PresenceHandlers = Pick<Handlers, PresenceCall>
