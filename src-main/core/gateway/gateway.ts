import { controlKey, sharedShimKey } from '../../../shared/link.ts'
import { newId } from '../ids.ts'
import type { Clock, Log, Secrets } from '../ports.ts'
import type { ClientsTable } from '../store/registry-tables.ts'
import { createLineSplitter } from './lines.ts'
import type { ShimLink } from './link.ts'
import { type ClientWire, openSession, type Session, type SessionDeps } from './session.ts'

/** How long a client that is told goodbye may take to read what was written before. */
const lingerMs = 1_000

export type Gateway = ReturnType<typeof createGateway>

type GatewayDeps = SessionDeps & {
  clients: ClientsTable
  maxMessageBytes: number
  onActivity: () => void
  /** The process that started another, as far as the system tells. */
  parentOf: (pid: number) => Promise<number | null>
}

/** The sessions of this gateway: one per connected shim. */
export function createGateway(deps: GatewayDeps) {
  const { clock } = deps
  const sessions = new Map<string, { session: Session; link: ShimLink; processes: number[] }>()

  function clientOf(link: ShimLink): Session['info']['client'] {
    const { key, name, pid } = link.hello
    if (key === sharedShimKey) {
      const claimed = name.slice(0, 80) || 'unnamed client'
      return { id: `claimed:${claimed}`, name: claimed, identity: 'claimed', pid }
    }
    deps.clients.seen(key, new Date(clock.now()).toISOString())
    return { id: key, name: deps.clients.get(key)?.name ?? key, identity: 'verified', pid }
  }

  return {
    /** Serves a shim that has proven itself, until either side ends. */
    admit(link: ShimLink): void {
      const id = newId('session', clock.now())
      const wire: ClientWire = {
        toClient: (line) => {
          if (!link.writeLine(line)) session.pauseServer()
        },
        waitFor: (drained) => {
          link.pause()
          void drained.then(() => link.resume())
        },
        serverGone: () => {
          link.end()
          clock.after(lingerMs, () => link.destroy())
        },
      }
      const session = openSession({ id, serverName: link.hello.server, client: clientOf(link) }, wire, deps)
      const splitter = createLineSplitter({
        limit: deps.maxMessageBytes,
        onLine: session.fromClient,
        onTooLong: (_bytes, head) => session.tooLong(head),
      })
      const processes = [link.hello.pid]
      void deps.parentOf(link.hello.pid).then((parent) => {
        if (parent === null || parent <= 1) return
        processes.push(parent)
        session.info.client.pid = parent
      })
      sessions.set(id, { session, link, processes })
      deps.onActivity()
      link.onDrain(session.resumeServer)
      link.onData((chunk) => splitter.push(chunk))
      link.onEnd(() => void session.close().finally(() => link.end()))
      link.onClose(() => {
        sessions.delete(id)
        deps.onActivity()
        void session.close()
      })
    },

    /** Every open session. */
    sessions: () => [...sessions.values()].map(({ session }) => session.info),

    /** The shims' processes and the clients that started them. */
    clientPids: () => [...sessions.values()].flatMap(({ processes }) => processes),

    /** Ends every running and waiting call; the sessions stay, and refuse what comes. */
    halt(): void {
      for (const { session } of sessions.values()) session.halt()
    },

    /** Ends the sessions that `which` picks, with their servers. */
    async drop(which: (info: Session['info']) => boolean): Promise<void> {
      const picked = [...sessions.values()].filter(({ session }) => which(session.info))
      await Promise.all(
        picked.map(async ({ session, link }) => {
          await session.close()
          link.end()
          clock.after(lingerMs, () => link.destroy())
        }),
      )
    },
  }
}

/**
 * The secret behind a key name that a caller gives: the control key, the shared shim key, or that of a client entry that is
 * not revoked. Null for anything else.
 */
export function secretLookup(secrets: Secrets, clients: ClientsTable, log: Log): (key: string) => Buffer | null {
  return (key) => {
    const known = key === controlKey || key === sharedShimKey || clients.get(key)?.revoked === 0
    if (!known) return null
    try {
      return secrets.get(key)
    } catch (error) {
      log.error('a key cannot be used', { key, error: (error as Error).message })
      return null
    }
  }
}

/** Makes sure that the keys of the socket exist. */
export function ensureLinkKeys(secrets: Secrets, random: () => Buffer): void {
  for (const name of [controlKey, sharedShimKey]) if (!secrets.get(name)) secrets.set(name, random())
}

/** Milliseconds, monotonic, since the last time a session came or went. */
export function activityMeter(clock: Clock): { touch: () => void; idleMs: () => number } {
  let last = clock.monotonic()
  return {
    touch: () => {
      last = clock.monotonic()
    },
    idleMs: () => clock.monotonic() - last,
  }
}
