import { allServers, controlKey, sharedShimKey } from '../../../shared/link.ts'
import { newId } from '../ids.ts'
import type { Clock, Log, Secrets } from '../ports.ts'
import type { Which } from '../stop/stopping.ts'
import type { ClientsTable } from '../store/registry-tables.ts'
import { createBatches } from './batches.ts'
import { createHookingClients, isHookedServer } from './hooking-clients.ts'
import { createLineSplitter } from './lines.ts'
import type { ShimLink } from './link.ts'
import { createLinkFlow } from './link-flow.ts'
import { recordEvents } from './record-events.ts'
import { type ClientWire, openSession, type Session, type SessionDeps } from './session.ts'

/** How long a client that is told goodbye may take to read what was written before. */
const lingerMs = 1_000

/** Which generation a client falls back to is found out by its session with all servers; each of them then follows. */
const noFallbacks: SessionDeps['fallbacks'] = { fellBack: () => {}, expected: () => false }

export type Gateway = ReturnType<typeof createGateway>

type Client = Session['info']['client']

/** How sessions with single servers are opened and closed for one client that wants all of them. */
type InnerSessions = {
  open: (server: string, wire: ClientWire, end: () => void) => Session
  close: (session: Session) => Promise<void>
}

/** A session with all servers at once, which opens those with single ones as it needs them. */
type OpenFace = (info: Session['info'], wire: ClientWire, inner: InnerSessions) => Session

type GatewayDeps = Omit<SessionDeps, 'openInAll' | 'takeSeat'> & {
  openFace: OpenFace
  clients: ClientsTable
  maxMessageBytes: number
  onActivity: () => void
  /** The process that started another, as far as the system tells. */
  parentOf: (pid: number) => Promise<number | null>
}

/** Changes come in bursts (a folder of rules is saved, a server reviewed): sessions look once at what came of one. In ms. */
const burstMs = 50

/** The sessions of this gateway: one per connected shim, and those of the HTTP door. */
export function createGateway(deps: GatewayDeps) {
  const { clock } = deps
  /** `inner`: opened by a session with all servers, for its client. */
  const hooking = createHookingClients()
  const sessions = new Map<string, { session: Session; end: () => void; processes: number[]; inner: boolean }>()
  /** Sessions that have used their server: those that only connected take no room. */
  const seated = new Set<string>()
  const sessionDeps: SessionDeps = { ...deps, openInAll, takeSeat }

  function openInAll(): number {
    let open = 0
    for (const { session } of sessions.values()) open += session.open()
    return open
  }

  function takeSeat({ id, client }: Session['info']): void {
    if (seated.has(id)) return
    const own = [...seated].filter((other) => sessions.get(other)?.session.info.client.id === client.id)
    deps.limits.room('sessions_per_client', own.length)
    deps.limits.room('sessions_in_all', seated.size)
    seated.add(id)
  }

  let looking = false
  /** Policy, a review or the stop switch may have changed what clients see of their servers: those whose view did are told. */
  function viewsChanged(): void {
    if (looking || sessions.size === 0) return
    looking = true
    clock.after(burstMs, () => {
      looking = false
      for (const { session } of sessions.values()) {
        try {
          session.viewsChanged()
        } catch (error) {
          // What a client sees stays decided at each request; only that it changed goes untold.
          deps.log.error('a client could not be told of changed lists', { error: String(error) })
        }
      }
    })
  }

  function clientOf(link: ShimLink): Client {
    const { key, name, pid } = link.hello
    if (key === sharedShimKey) {
      const claimed = name.slice(0, 80) || 'unnamed client'
      return { id: `claimed:${claimed}`, name: claimed, identity: 'claimed', tenant: '', pid }
    }
    deps.clients.seen(key, new Date(clock.now()).toISOString())
    return { id: key, name: deps.clients.get(key)?.name ?? key, identity: 'verified', tenant: '', pid }
  }

  function add(serverName: string, client: Client, wire: ClientWire, end: () => void, processes: number[]): Session {
    const id = newId('session', clock.now())
    const info = { id, serverName, client }
    const session = serverName === allServers ? face(info, wire) : openSession(info, wire, sessionDeps)
    sessions.set(id, { session, end, processes, inner: false })
    deps.onActivity()
    return session
  }

  function face(info: Session['info'], wire: ClientWire): Session {
    return deps.openFace(info, wire, {
      open: (server, own, end) => addInner(server, info, own, end),
      close: remove,
    })
  }

  /** The client is the same object as that of the session with all servers, which may still learn its name and process. */
  function addInner(serverName: string, { client }: Session['info'], wire: ClientWire, end: () => void): Session {
    const id = newId('session', clock.now())
    const session = openSession({ id, serverName, client }, wire, { ...sessionDeps, fallbacks: noFallbacks })
    sessions.set(id, { session, end, processes: [], inner: true })
    deps.onActivity()
    return session
  }

  function remove(session: Session): Promise<void> {
    seated.delete(session.info.id)
    if (sessions.delete(session.info.id)) deps.onActivity()
    return session.close()
  }

  return {
    viewsChanged,

    /** Serves a shim that has proven itself, until either side ends. */
    admit(link: ShimLink): void {
      const end = () => {
        link.end()
        clock.after(lingerMs, () => link.destroy())
      }
      const flow = createLinkFlow(link, clock, () => session)
      const batches = createBatches({
        fromClient: (line) => session.fromClient(line),
        toClient: flow.writeLine,
        refused: (bytes, why) => records.few('message.refused', { bytes, why }),
      })
      const wire: ClientWire = {
        toClient: batches.toClient,
        unanswered: ({ key }) => batches.unanswered(key),
        waitFor: flow.waitFor,
        serverGone: end,
      }
      const processes = [link.hello.pid]
      const session = add(link.hello.server, clientOf(link), wire, end, processes)
      const records = recordEvents(session.info, deps)
      const splitter = createLineSplitter({
        limit: deps.maxMessageBytes,
        onLine: batches.fromClient,
        onTooLong: (_bytes, head) => session.tooLong(head),
        onSkipped: session.skipped,
      })
      void deps.parentOf(link.hello.pid).then((parent) => {
        if (parent === null || parent <= 1) return
        processes.push(parent)
        if (isHookedServer(link.hello.server)) hooking.add(parent)
        session.info.client.pid = parent
      })
      link.onData((chunk) => splitter.push(chunk))
      link.onEnd(() => void session.close().finally(() => link.end()))
      link.onClose(() => {
        records.close()
        void remove(session)
      })
    },

    /**
     * A session of a client that proved itself some other way than through a shim, and whose process is not known. `end` is
     * called when the gateway ends the session; whoever opened it calls `close` when the client is done.
     */
    open(
      serverName: string,
      client: Pick<Client, 'id' | 'name' | 'tenant'>,
      wire: ClientWire,
      end: () => void,
    ): Session {
      const { id, name, tenant } = client
      const at = new Date(clock.now()).toISOString()
      deps.clients.seen(id, at)
      deps.clients.accesses.used(id, tenant, at)
      return add(serverName, { id, name, identity: 'verified', tenant, pid: null }, wire, end, [])
    },

    /** Ends a session that `open` gave, with its server. */
    close: remove,

    /** Every open session, also those that one with all servers has opened. */
    sessions: () => [...sessions.values()].map(({ session }) => session.info),

    /** How many sessions clients have opened themselves. */
    clientSessions: () => [...sessions.values()].filter(({ inner }) => !inner).length,

    /** The shims' processes and the clients that started them; one that asks by hooks counts while it runs. */
    clientPids: () => [...[...sessions.values()].flatMap(({ processes }) => processes), ...hooking.running()],

    /** Ends every running and waiting call that `which` picks; the sessions stay, and refuse what comes. */
    halt(which: Which): void {
      for (const { session } of sessions.values()) {
        const { serverName: server, client } = session.info
        if (which({ server, client: client.id })) session.halt()
      }
    },

    /** Ends the sessions that `which` picks, with their servers. */
    async drop(which: (info: Session['info']) => boolean): Promise<void> {
      const picked = [...sessions.values()].filter(({ session }) => which(session.info))
      await Promise.all(
        picked.map(async ({ session, end }) => {
          await session.close()
          end()
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
