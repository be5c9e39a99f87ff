import { CallError } from '../../../shared/call-errors.ts'
import type { ApprovalPresence } from '../control/handlers.ts'
import { deadline } from '../deadline.ts'
import type { Clock, Ports } from '../ports.ts'
import type { pinStore } from './pin.ts'
import type { PresenceEvent } from './presence.ts'

/** How long an approval page stays unlocked; a person's day, so that the PIN is asked once in it. */
const unlockedMs = 8 * 3_600_000

/** Presence on the approval page. `again`: proves it once more, for what is graver; throws `CallError`. */
export type PagePresence = {
  handlers: ApprovalPresence
  present: () => boolean
  again: (pin: string | undefined, reason: string) => Promise<void>
  end: () => void
}

type PageDeps = {
  pins: ReturnType<typeof pinStore>
  clock: Clock
  record: (event: PresenceEvent, detail: Record<string, unknown>) => void
  authenticate: Ports['authenticate']
}

/**
 * Decides whether a person is at the approval page. In a browser it takes the PIN: whoever holds the page's sign-in link may
 * be a program that read it from a terminal. In a window of the host's own the window is the proof (contracts.md, doors).
 * `onChange` hears when the page is unlocked. Every proof, refusal and enrolment is recorded.
 */
export function pagePresence(deps: PageDeps, proof: 'native' | 'pin', onChange: () => void): PagePresence {
  const { pins, clock, record, authenticate } = deps
  const door = 'approval'
  /** Whether what was proved no longer counts. */
  let over = () => proof !== 'native'

  function unlock(): void {
    if (proof === 'pin') over = deadline(clock, unlockedMs)
    onChange()
  }

  /** Runs `work` and records why it was refused, when it was. */
  async function recorded(call: string, work: () => Promise<void>): Promise<Record<string, never>> {
    try {
      await work()
      return {}
    } catch (error) {
      if (error instanceof CallError)
        record('presence.refused', { call, door, code: error.code, reason: error.message })
      throw error
    }
  }

  async function checkPin(pin: string): Promise<void> {
    if (!pins.enrolled()) throw new CallError(pins.lost() ? 'PRESENCE_LOST' : 'PRESENCE_NOT_ENROLLED')
    await pins.check(pin)
    record('presence.proved', { door })
  }

  async function enroll(pin: string, current: string | undefined): Promise<void> {
    if (pins.lost()) throw new CallError('PRESENCE_LOST')
    const change = pins.enrolled()
    if (change && current === undefined) throw new CallError('PRESENCE_ENROLLED')
    if (change) await pins.check(current ?? '')
    await pins.set(pin, () => record(change ? 'presence.changed' : 'presence.enrolled', { door }))
    unlock()
  }

  async function prove(pin: string): Promise<void> {
    await checkPin(pin)
    unlock()
  }

  const present = () => !over()
  return {
    present,
    handlers: {
      'presence.state': () => ({
        ...{ present: present(), enrolled: pins.enrolled(), lost: pins.lost() },
        proof: authenticate ? 'platform' : 'pin',
      }),
      'presence.enroll': ({ pin, current }) => recorded('presence.enroll', () => enroll(pin, current)),
      'presence.prove': ({ pin }) => recorded('presence.prove', () => prove(pin)),
    },
    async again(pin, reason) {
      await recorded('approvals.answer', async () => {
        if (!authenticate) {
          if (pin === undefined) throw new CallError('PRESENCE_REQUIRED', 'at this level for each answer')
          return checkPin(pin)
        }
        if (!(await authenticate(reason))) throw new CallError('PRESENCE_NO_PROOF', 'it was not confirmed to be you')
        record('presence.proved', { door, by: 'platform' })
      })
    },
    end: () => {
      over = () => true
    },
  }
}
