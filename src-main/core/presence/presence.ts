import { randomBytes } from 'node:crypto'
import { realpathSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { CallError } from '../../../shared/call-errors.ts'
import type { Input } from '../../../shared/calls.ts'
import type { TerminalPresence } from '../control/handlers.ts'
import type { Clock, Ports, Secrets } from '../ports.ts'
import { checkTerminal, type Governed } from './check-terminal.ts'
import { type PagePresence, pagePresence } from './page.ts'
import { type Enrolment, pinStore } from './pin.ts'
import type { ProcessTable } from './process-table.ts'

/** Highest approval level that the terminal's door may answer (contracts.md, doors). */
export const terminalMaxLevel = 2

/** How long a proof holds on its connection, and how long a caller may take to answer a challenge. */
const presentMs = 5 * 60_000
const challengeMs = 5 * 60_000

/** What presence works with. */
export type PresenceDeps = {
  clock: Clock
  secrets: Secrets
  /** Folder, only this user's, in which callers create the file that proves which process they are. */
  run: string
  /** Null where the system gives no way to inspect processes: then a terminal proves nothing. */
  processes: ProcessTable | null
  governed: () => Governed
  /** Whether a PIN was ever enrolled, kept where the secrets are not. */
  enrolment: Enrolment
  /** Writes an audit event; when it throws, nothing is proved or enrolled. */
  record: (event: PresenceEvent, detail: Record<string, unknown>) => void
  /** The platform's own authentication of the person; absent where there is none. */
  authenticate?: Ports['authenticate']
}

/** What presence puts into the audit record. */
export type PresenceEvent = 'presence.enrolled' | 'presence.changed' | 'presence.proved' | 'presence.refused'

/** Presence on one control connection. */
export type PresenceConnection = { handlers: TerminalPresence; present: () => boolean; end: () => void }

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
  const pins = pinStore(deps.secrets, deps.clock, deps.enrolment)
  /** Processes with an open challenge: two connections that claim the same process could borrow each other's file. */
  const claimed = new Set<number>()

  function connect(pid: number): PresenceConnection {
    let presentUntil = Number.NEGATIVE_INFINITY
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

    async function enroll({ pin, current }: Input<'presence.enroll'>): Promise<Record<string, never>> {
      await verifyCaller()
      if (pins.lost()) throw new CallError('PRESENCE_LOST')
      const change = pins.enrolled()
      if (change && current === undefined) throw new CallError('PRESENCE_ENROLLED')
      if (change) await pins.check(current ?? '')
      await pins.set(pin, () => deps.record(change ? 'presence.changed' : 'presence.enrolled', { pid }))
      endChallenge()
      return {}
    }

    async function prove({ pin }: Input<'presence.prove'>): Promise<Record<string, never>> {
      if (!pins.enrolled()) throw new CallError(pins.lost() ? 'PRESENCE_LOST' : 'PRESENCE_NOT_ENROLLED')
      await verifyCaller()
      await pins.check(pin)
      deps.record('presence.proved', { pid })
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
      present: () => deps.clock.monotonic() < presentUntil,
      end: () => {
        ended = true
        presentUntil = Number.NEGATIVE_INFINITY
        endChallenge()
      },
    }
  }

  const page: Presence['page'] = (proof, onChange) =>
    pagePresence({ ...deps, pins, authenticate: deps.authenticate }, proof, onChange)
  return { enrolled: pins.enrolled, lost: pins.lost, connect, page }
}
