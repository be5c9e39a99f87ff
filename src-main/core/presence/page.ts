import { CallError } from '../../../shared/call-errors.ts'
import type { Input } from '../../../shared/calls.ts'
import type { WhoView } from '../../../shared/people.ts'
import type { ApprovalPresence } from '../control/handlers.ts'
import { deadline } from '../deadline.ts'
import { ownerId } from '../people/people.ts'
import type { Clock, Ports } from '../ports.ts'
import type { PersonPins } from './person-pins.ts'
import type { PresenceEvent } from './presence.ts'

/** How long an approval page stays unlocked; a person's day, so that the PIN is asked once in it. */
const unlockedMs = 8 * 3_600_000

/** Presence on the approval page. `again`: proves it once more, for what is graver; throws `CallError`. */
export type PagePresence = {
  handlers: ApprovalPresence
  present: () => boolean
  /** Who is here. */
  who: () => WhoView | null
  again: (pin: string | undefined, reason: string) => Promise<void>
  end: () => void
}

type PageDeps = {
  pins: PersonPins
  clock: Clock
  record: (event: PresenceEvent, detail: Record<string, unknown>) => void
  authenticate: Ports['authenticate']
}

/**
 * Decides whether a person is at the approval page. In a browser it takes the PIN: whoever holds the page's sign-in link may
 * be a program that read it from a terminal. In a window of the host's own the window is the proof (contracts.md, doors), as long as one
 * person alone answers: it does not tell people apart.
 * `onChange` hears when the page is unlocked. Every proof, refusal and enrolment is recorded.
 */
export function pagePresence(deps: PageDeps, proof: 'native' | 'pin', onChange: () => void): PagePresence {
  const { pins, clock, record } = deps
  /** The platform knows whose session it is, not who of several sits there. */
  const platform = () => (pins.several() ? undefined : deps.authenticate)
  let person = ownerId
  const door = 'approval'
  let ended = false
  /** Whether what was proved no longer counts. */
  let over = () => true

  function unlock(id: string): void {
    person = id
    over = deadline(clock, unlockedMs)
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

  async function checkPin(pin: string, of: WhoView): Promise<void> {
    const own = pins.of(of.id)
    if (!own.enrolled()) throw new CallError(own.lost() ? 'PRESENCE_LOST' : 'PRESENCE_NOT_ENROLLED')
    await own.check(pin)
    record('presence.proved', { door, person: of.id })
  }

  async function enroll({ pin, current, person: named }: Input<'presence.enroll'>): Promise<void> {
    const of = named === undefined && present() ? whoIsHere() : pins.named(named)
    const own = pins.of(of.id)
    if (own.lost()) throw new CallError('PRESENCE_LOST')
    const change = own.enrolled()
    if (change && current === undefined) throw new CallError('PRESENCE_ENROLLED')
    if (change) await own.check(current ?? '')
    await own.set(pin, () => record(change ? 'presence.changed' : 'presence.enrolled', { door, person: of.id }))
    unlock(of.id)
  }

  async function prove({ pin, person: named }: Input<'presence.prove'>): Promise<void> {
    const of = pins.named(named)
    await checkPin(pin, of)
    unlock(of.id)
  }

  /** The host's window alone proves the owner, while nobody else answers. */
  const byWindow = () => proof === 'native' && !ended && pins.several() === null
  const who = () => pins.who(byWindow() ? ownerId : person)
  // Whoever was removed is here no longer.
  const present = () => who() !== null && (byWindow() || !over())
  function whoIsHere(): WhoView {
    const here = present() ? who() : null
    if (!here) throw new CallError('PRESENCE_REQUIRED')
    return here
  }

  return {
    present,
    who: () => (present() ? who() : null),
    handlers: {
      'presence.state': () => {
        const people = pins.several()
        // Which of several is enrolled is told when they prove it: each was added with a PIN.
        const own = pins.of(ownerId)
        return {
          ...{ present: present(), enrolled: own.enrolled(), lost: people === null && own.lost() },
          proof: platform() ? 'platform' : 'pin',
          ...(people ? { people, who: present() ? who() : null } : {}),
        }
      },
      'presence.enroll': (input) => recorded('presence.enroll', () => enroll(input)),
      'presence.prove': (input) => recorded('presence.prove', () => prove(input)),
      'presence.leave': () => {
        over = () => true
        onChange()
        return {}
      },
    },
    async again(pin, reason) {
      await recorded('approvals.answer', async () => {
        const here = whoIsHere()
        const authenticate = platform()
        if (!authenticate) {
          if (pin === undefined) throw new CallError('PRESENCE_REQUIRED', 'at this level for each answer')
          await checkPin(pin, here)
        } else {
          if (!(await authenticate(reason))) throw new CallError('PRESENCE_NO_PROOF', 'it was not confirmed to be you')
          record('presence.proved', { door, by: 'platform' })
        }
        // Somebody else may have unlocked the page, or this person been removed, meanwhile.
        if (whoIsHere().id !== here.id) throw new CallError('PRESENCE_REQUIRED')
      })
    },
    end: () => {
      ended = true
      over = () => true
    },
  }
}
