import { isDeepStrictEqual } from 'node:util'
import type { Constraints } from '../../../../shared/constraints.ts'
import { ToolgateError } from '../../../../shared/errors.ts'
import type { LaunchSpec } from '../../../../shared/server.ts'
import type { Snapshot } from '../../policy/snapshot.ts'
import type { Clock, Log } from '../../ports.ts'
import { type StartProgram, startProgram } from '../../upstream/start-program.ts'
import { createSandboxing } from './availability.ts'
import { startIn } from './box.ts'
import { createEgress, type Egress } from './egress.ts'
import { looserThan, planOf, planWords, type SandboxPlan } from './plan.ts'

/** A session with a server, which has at most one process at a time. */
type Session = { id: string; serverName: string }

/** A process that runs or is about to: what it is held to, and its way out. */
type Held = { plan: SandboxPlan | null; egress: Egress | null }

/** What is asked of a session's process right now, each with the bounds of its call. */
type Seat = { open: Set<{ constraints: Constraints }>; process: Held | null }

/** What holding processes to bounds works with. */
export type ConfinementDeps = {
  snapshot: () => Snapshot | null
  /** PATH in which what makes sandboxes is looked for. */
  path: string
  /** What no server may see, whatever the rules say; absolute paths. */
  places: readonly string[]
  record: (event: string, detail: Record<string, unknown>) => void
  clock: Clock
  log: Log
}

export type Confinement = ReturnType<typeof createConfinement>

/**
 * Holds calls to bounds that only a process can be held to: which hosts it reaches, which files it reads and writes. A process gets
 * the sandbox of the policy in force when it is started (`planOf`). INVARIANT: a call under such a bound reaches no process that is
 * not held to it; while several are open in one process, it may reach only the hosts that all of them allow.
 */
export function createConfinement({ snapshot, path, places, record, clock, log }: ConfinementDeps) {
  const sandboxing = createSandboxing(path, clock)
  const seats = new Map<string, Seat>()
  const keyOf = ({ id, serverName }: Session) => `${id}\n${serverName}`

  function seatOf(session: Session): Seat {
    const seat = seats.get(keyOf(session)) ?? { open: new Set(), process: null }
    seats.set(keyOf(session), seat)
    return seat
  }

  function tidy(session: Session, seat: Seat): void {
    if (seat.open.size === 0 && !seat.process) seats.delete(keyOf(session))
  }

  /** What a process of this server would be held to if it were started now. */
  function planNow(server: string): SandboxPlan | null {
    const plan = planOf(server, snapshot())
    return plan && sandboxing().kind !== 'none' ? plan : null
  }

  function apply({ open, process }: Seat): void {
    if (!process?.egress) return
    const lists = [...open].flatMap(({ constraints }) =>
      constraints.network_allowlist ? [constraints.network_allowlist] : [],
    )
    const [first, ...rest] = lists
    if (open.size === 0) process.egress.allow(process.plan?.network ?? [])
    else process.egress.allow(first ? first.filter((host) => rest.every((list) => list.includes(host))) : null)
  }

  function refuseLooser(plan: SandboxPlan | null, constraints: Constraints): void {
    const bound = looserThan(plan, constraints)
    if (bound === null) return
    const why = 'its process was started under other rules and starts again once nothing is open: try again'
    throw new ToolgateError('CONSTRAINT_UNENFORCEABLE', `\`${bound}\`: ${why}`)
  }

  function begin(session: Session, held: Held): StartProgram {
    const { plan } = held
    const kind = sandboxing()
    if (!plan || kind.kind === 'none') return startProgram
    const serve: Parameters<typeof startIn>[0]['serve'] = (listener) => {
      held.egress = createEgress(listener, (host, why) => {
        log.info('a server was kept from a host', { server: session.serverName, host, why })
      })
      apply(seatOf(session))
    }
    return startIn({ sandboxing: kind, plan, places, serve })
  }

  return {
    /**
     * Why calls of a server cannot be held to bounds that need a sandbox, in words; null when they can. Whether a sandbox can be made
     * is only tried once a rule in force asks for one; `draft`: another policy may ask.
     */
    whyNot({ name, launch }: { name: string; launch: LaunchSpec }, draft = false): string | null {
      if (!draft && planOf(name, snapshot()) === null) return null
      if (launch.transport === 'http')
        return 'it runs elsewhere and is reached over HTTP, where it cannot be held to that'
      const found = sandboxing()
      return found.kind === 'none' ? found.why : null
    },

    /** How the next process of a session is started; `ended` is to be called when it ended or could not be started. */
    next(session: Session): { start: StartProgram; ended: () => void } {
      const held: Held = { plan: planNow(session.serverName), egress: null }
      return {
        async start(command, born) {
          const seat = seatOf(session)
          for (const { constraints } of seat.open) refuseLooser(held.plan, constraints)
          seat.process = held
          if (held.plan) {
            const { id, serverName: server } = session
            record('server.sandboxed', { server, session_id: id, sandbox: planWords(held.plan) })
          }
          return begin(session, held)(command, born)
        },
        ended() {
          held.egress?.close()
          const seat = seatOf(session)
          if (seat.process === held) seat.process = null
          tidy(session, seat)
        },
      }
    },

    /** Whether a session's process, if there is one, is held to what the policy in force asks for. */
    isCurrent(session: Session): boolean {
      const process = seats.get(keyOf(session))?.process
      return !process || isDeepStrictEqual(process.plan, planNow(session.serverName))
    },

    /** What a session's process is held to, in words; null when it is in no sandbox. */
    words(session: Session): string | null {
      const plan = seats.get(keyOf(session))?.process?.plan
      return plan ? planWords(plan) : null
    },

    /**
     * Runs what asks something of a session's process, which meanwhile is held to these bounds. Throws ToolgateError
     * CONSTRAINT_UNENFORCEABLE when the process that runs is held to less.
     */
    async during<T>(session: Session, constraints: Constraints, run: () => Promise<T>): Promise<T> {
      const seat = seatOf(session)
      const call = { constraints }
      if (seat.process) refuseLooser(seat.process.plan, constraints)
      seat.open.add(call)
      apply(seat)
      try {
        return await run()
      } finally {
        seat.open.delete(call)
        apply(seat)
        tidy(session, seat)
      }
    },
  }
}
