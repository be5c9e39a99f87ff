import type { Clock } from '../ports.ts'
import { type TimeoutOverrides, timeoutOf } from './client-timeouts.ts'

/** What the settings say of holding. */
export type HoldSettings = {
  /** Seconds that a caller is held of which nobody knows how long it waits. */
  hold_sec: number
  /** Seconds left to the server, of what the caller waits. */
  answer_room_sec: number
  /** Seconds between two pieces of news while a call is held. */
  heartbeat_sec: number
  client_timeouts: TimeoutOverrides
}

/** What holding a call needs to know: the settings, and whether anything can show a person that it waits. */
export type Holding = { settings: () => HoldSettings; reachable: () => boolean }

/** Who is held, and since when. */
export type Held = {
  /** When the call arrived, in monotonic milliseconds: its caller waits since then, however often it is decided. */
  arrivedMs: number
  /** Names of the client, the surest first; none where it is not a client that waits. */
  names: readonly string[]
  /** Sends the caller news of progress; null when it did not ask for them. */
  progress: ((message: string) => void) | null
}

/** How long one call may be held. */
export type Hold = {
  /** Milliseconds until its caller must be told to retry; 0 or less when that is due. */
  leftMs: () => number
  /** When that is, in milliseconds since 1970, as far as it can be known; infinite while news keep the caller waiting. */
  untilMs: () => number
  /** Sends news now and then until the returned function is called; `untilMs`: when the request ends (ms since 1970). */
  beat: (what: string, untilMs: number) => () => void
}

/** Of a short wait a third is left to the server. */
const roomShare = 3

/**
 * The hold of one call, begun at its arrival: as long as its client waits, less what the server needs to answer after a yes
 * (`hold_sec` for a client that nobody knows). A client that asked for news of progress gets them while it waits; where that
 * begins its own wait anew, the hold goes on with them.
 */
export function createHold(held: Held, settings: HoldSettings, clock: Clock): Hold {
  const known = timeoutOf(held.names, settings.client_timeouts)
  const room = known ? Math.min(settings.answer_room_sec, known.seconds / roomShare) : 0
  const holdMs = (known ? known.seconds - room : settings.hold_sec) * 1000
  let sinceMs = held.arrivedMs
  const untilMs = clock.now() + sinceMs + holdMs - clock.monotonic()
  const { progress } = held
  const goesOn = progress !== null && known?.resets === true
  const everyMs = Math.min(settings.heartbeat_sec * 1000, known ? holdMs / 2 : Number.POSITIVE_INFINITY)
  const leftMs = () => sinceMs + holdMs - clock.monotonic()

  return {
    leftMs,
    untilMs: () => (goesOn ? Number.POSITIVE_INFINITY : untilMs),
    beat(what, untilMs) {
      if (!progress) return () => {}
      const tell = () => {
        const leftSec = Math.max(0, Math.round((untilMs - clock.now()) / 1000))
        progress(`waiting for approval: ${what}, ${leftSec} s left`)
        if (goesOn) sinceMs = clock.monotonic()
        stop = clock.after(everyMs, tell)
      }
      let stop = clock.after(everyMs, tell)
      return () => stop()
    },
  }
}
