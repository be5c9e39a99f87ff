import { randomBytes } from 'node:crypto'
import { CallError } from '../../../shared/call-errors.ts'
import { deadline } from '../deadline.ts'
import type { Clock } from '../ports.ts'
import type { Answering } from './handlers.ts'

/** A prompt that comes up under somebody's typing must not be approved by it (ui.md, the approval window). */
const armingMs = 500
/** A request that was looked at so long ago counts as not looked at. */
const lifetimeMs = 15 * 60_000
/** Tickets one page may hold; the oldest goes first. */
const mostHeld = 200

type Ticket = { id: string; shownHash: string; at: number; tooOld: () => boolean }

/** The tickets of one approval page: each is for one answer to one request, exactly as it was shown. */
export function createTickets(clock: Clock): Pick<Answering, 'issue' | 'redeem'> {
  const held = new Map<string, Ticket>()
  return {
    issue({ id, shownHash }) {
      for (const oldest of held.keys()) {
        if (held.size < mostHeld) break
        held.delete(oldest)
      }
      const ticket = randomBytes(24).toString('base64url')
      held.set(ticket, { id, shownHash, at: clock.monotonic(), tooOld: deadline(clock, lifetimeMs) })
      return { ticket, armedInMs: armingMs }
    },

    redeem(ticket, shown, armed) {
      const found = held.get(ticket ?? '')
      if (!found) throw new CallError('TICKET_STALE')
      if (armed && clock.monotonic() - found.at < armingMs)
        throw new CallError('TICKET_STALE', 'it was shown only just now')
      held.delete(ticket ?? '')
      if (found.id !== shown.id || found.shownHash !== shown.shownHash || found.tooOld()) {
        throw new CallError('TICKET_STALE')
      }
    },
  }
}
