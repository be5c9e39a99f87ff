import { randomBytes } from 'node:crypto'
import { realpathSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { CallError } from '../../../shared/call-errors.ts'
import type { Input } from '../../../shared/calls.ts'
import type { WhoView } from '../../../shared/people.ts'
import type { TerminalPresence } from '../control/handlers.ts'
import { ownerId } from '../people/people.ts'
import type { Clock, Ports } from '../ports.ts'
import { checkTerminal, type Governed } from './check-terminal.ts'
import { type PagePresence, pagePresence } from './page.ts'
import type { PersonPins } from './person-pins.ts'
import type { ProcessTable } from './process-table.ts'

/** Highest approval level that the terminal's door may answer (contracts.md, doors). */
export const terminalMaxLevel = 2

/** How long a proof holds on its connection, and how long a caller may take to answer a challenge. */
const presentMs = 5 * 60_000
const challengeMs = 5 * 60_000

/** What presence works with. */
export type PresenceDeps = {
  clock: Clock
  pins: PersonPins
  /** Folder, only this user's, in which callers create the file that proves which process they are. */
  run: string
  /** Null where the system gives no way to inspect processes: then a terminal proves nothing. */
  processes: ProcessTable | null
  governed: () => Governed
  /** Writes an audit event; when it throws, nothing is proved or enrolled. */
  record: (event: PresenceEvent, detail: Record<string, unknown>) => void
  /** The platform's own authentication of the person; absent where there is none. */
  authenticate?: Ports['authenticate']
}

/** What presence puts into the audit record. */
export type PresenceEvent = 'presence.enrolled' | 'presence.changed' | 'presence.proved' | 'presence.refused'

/** Presence on one control connection. */
export type PresenceConnection = {
  handlers: TerminalPresence
  present: () => boolean
  who: () => WhoView | null
  end: () => void
}

/** Presence for the whole gateway: `connect` begins it for one control connection of process `pid`, `page` for one approval page. */
export type Presence = {
  enrolled: () => boolean
  lost: () => boolean
  connect: (pid: number) => PresenceConnection
  page: (proof: 'native' | 'pin', onChange: () => void) => PagePresence
}

/**
 * Decides whether a person is at a terminal: someone who knows the PIN, typing into a process that is what it says (it
 * holds a file open that only it was told about) and that nothing governed has started. A proof counts for one connection
 * and five minutes. Every proof, refusal and enrolment is recorded.
 */
export function createPresence(deps: PresenceDeps): Presence {
  const { pins } = deps
  const owners = pins.of(ownerId)
  /** Processes with an open challenge: two connections that claim the same process could borrow each other's file. */
  const claimed = new Set<number>()

  function connect(pid: number): PresenceConnection {
    let presentUntil = Number.NEGATIVE_INFINITY
    let person = ownerId
    let challenge: { file: string; until: number } | null = null
    let ended = false

    function endChallenge(): void {
      if (!challenge) return
      rmSync(challenge.file, { force: true })
      claimed.delete(pid)
      challenge = null
    }

    async function inspect(): Promise<ProcessTable> {
      if (!deps.processes) throw new CallError('PRESENCE_UNSUPPORTED')
      await checkTerminal(deps.processes, pid, deps.governed())
      return deps.processes
    }

    /** The caller is the process it claims to be, at a terminal of its own. */
    async function verifyCaller(): Promise<void> {
      const processes = await inspect()
      const open = challenge
      if (!open || deps.clock.monotonic() > open.until) throw new CallError('PRESENCE_NO_PROOF', 'no open challenge')
      if (!(await processes.holdsOpen(pid, open.file))) throw new CallError('PRESENCE_NO_PROOF', `pid ${pid}`)
    }

    /** Runs `work` and records why it was refused, when it was. */
    async function recorded<T>(call: string, work: () => Promise<T>): Promise<T> {
      try {
        return await work()
      } catch (error) {
        if (error instanceof CallError)
          deps.record('presence.refused', { call, pid, code: error.code, reason: error.message })
        throw error
      }
    }

    async function openChallenge(): Promise<{ file: string }> {
      endChallenge()
      await inspect()
      if (ended || claimed.has(pid))
        throw new CallError('PRESENCE_NO_PROOF', `pid ${pid} is proving presence elsewhere`)
      claimed.add(pid)
      const file = join(realpathSync(deps.run), `presence-${randomBytes(16).toString('hex')}`)
      challenge = { file, until: deps.clock.monotonic() + challengeMs }
      return { file }
    }

    async function enroll({ pin, current, person: named }: Input<'presence.enroll'>): Promise<Record<string, never>> {
      await verifyCaller()
      const { id } = pins.named(named)
      const own = pins.of(id)
      if (own.lost()) throw new CallError('PRESENCE_LOST')
      const change = own.enrolled()
      if (change && current === undefined) throw new CallError('PRESENCE_ENROLLED')
      if (change) await own.check(current ?? '')
      await own.set(pin, () => deps.record(change ? 'presence.changed' : 'presence.enrolled', { pid, person: id }))
      endChallenge()
      return {}
    }

    async function prove({ pin, person: named }: Input<'presence.prove'>): Promise<Record<string, never>> {
      const { id } = pins.named(named)
      const own = pins.of(id)
      if (!own.enrolled()) throw new CallError(own.lost() ? 'PRESENCE_LOST' : 'PRESENCE_NOT_ENROLLED')
      await verifyCaller()
      await own.check(pin)
      deps.record('presence.proved', { pid, person: id })
      person = id
      presentUntil = deps.clock.monotonic() + presentMs
      endChallenge()
      return {}
    }

    return {
      handlers: {
        'presence.challenge': () => recorded('presence.challenge', openChallenge),
        'presence.enroll': (input) => recorded('presence.enroll', () => enroll(input)),
        'presence.prove': (input) => recorded('presence.prove', () => prove(input)),
      },
      present: () => deps.clock.monotonic() < presentUntil && pins.who(person) !== null,
      who: () => (deps.clock.monotonic() < presentUntil ? pins.who(person) : null),
      end: () => {
        ended = true
        presentUntil = Number.NEGATIVE_INFINITY
        endChallenge()
      },
    }
  }

  const page: Presence['page'] = (proof, onChange) =>
    pagePresence({ ...deps, authenticate: deps.authenticate }, proof, onChange)
  return { enrolled: owners.enrolled, lost: owners.lost, connect, page }
}
