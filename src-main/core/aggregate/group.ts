import { ToolgateError } from '../../../shared/errors.ts'
import type { Clock } from '../ports.ts'
import type { Registry } from '../registry/registry.ts'
import { mayRun } from '../registry/server-record.ts'
import type { Together } from './greeting.ts'
import { within } from './lists.ts'
import { createMember, type Hello, type InnerSessions, type Member, type MemberEvents } from './member.ts'

type Deps = {
  registry: Registry
  /** A server that is stopped is as if it were not there, until it is resumed. */
  isHalted: (server: string) => boolean
  clock: Clock
  sessions: InnerSessions
  queueBytes: number
  version: string
  events: Omit<MemberEvents, 'greeted'>
  /** A server was greeted: at last, when it is one that was missing. */
  joined: (member: Member, late: boolean) => void
}

const initializedLine = Buffer.from('{"jsonrpc":"2.0","method":"notifications/initialized"}')

/** How long the log level of all waits for servers that are slow (ms). */
const levelMs = 5_000

/** The servers of one client, each with a session of its own: those that may run, as they come and go. */
export function createGroup({ registry, isHalted, clock, sessions, queueBytes, version, events, joined }: Deps) {
  const members = new Map<string, Member>()
  const missing = new Set<string>()
  let initialized = false
  let ended = false
  let level: Record<string, unknown> | null = null

  function memberOf(server: string): Member {
    const known = members.get(server)
    if (known) return known
    if (ended) throw new ToolgateError('SERVER_EXITED', 'the session has ended')
    const made = createMember(server, { ...events, greeted }, { sessions, clock, queueBytes })
    members.set(server, made)
    return made
  }

  /** What the client has told all servers is told to this one. */
  function greeted(member: Member): void {
    if (initialized) begin(member)
    joined(member, missing.delete(member.server))
  }

  function begin(member: Member): void {
    member.send(initializedLine)
    if (level) void setLevel(member)
  }

  async function setLevel(member: Member): Promise<void> {
    if (member.greeting()?.capabilities.logging === undefined) return
    // A server that does not take it goes on as it was; the others do not hear of it.
    await member.ask('logging/setLevel', level ?? {}, levelMs).catch(() => {})
  }

  function names(): string[] {
    const all = registry.list().filter(mayRun)
    return all
      .map(({ name }) => name)
      .filter((name) => !isHalted(name))
      .sort()
  }

  const current = () => names().map(memberOf)

  const ready = () => [...members.values()].filter((member) => member.greeting() !== null)

  return {
    names,
    memberOf,
    /** The servers that may run, in the order of their names. */
    current,
    /** Those that were greeted. */
    ready,

    /** A server was left out of something that the client was told: it is announced once it is there. */
    leaveOut(server: string): void {
      if (members.get(server)?.greeting() === null) missing.add(server)
    },
    isLeftOut: ({ server }: Member) => missing.has(server),

    /** Greets all servers, and gives what they said within `ms`. */
    async meet(hello: Hello, ms: number): Promise<Together> {
      const all = current()
      const meetings = all.map((member) => member.meet(hello))
      await within(clock, meetings, ms)
      const greetings = all.flatMap((member) => {
        const greeting = member.greeting()
        return greeting ? [{ server: member.server, greeting }] : []
      })
      const absent = all.filter((member) => member.greeting() === null)
      for (const { server } of absent) missing.add(server)
      return {
        greetings,
        missing: absent.map((member) => ({
          server: member.server,
          why: member.problem()?.message ?? 'it is still starting',
        })),
        version,
      }
    },

    /** The client is ready (`notifications/initialized`): so it is for every server, later ones too. */
    begin(): void {
      if (initialized) return
      initialized = true
      for (const member of ready()) begin(member)
    },

    /** Sets the log level of all servers, later ones too. */
    async setLevel(params: Record<string, unknown>): Promise<void> {
      level = params
      await Promise.all(ready().map(setLevel))
    },

    tell(line: Buffer): void {
      for (const member of ready()) member.send(line)
    },

    each(what: 'pause' | 'resume'): void {
      for (const member of members.values()) member[what]()
    },

    /** Ends the sessions with all servers, and what is open there; `forGood`: and opens no others, and nobody is told. */
    async close(forGood: boolean): Promise<void> {
      ended = forGood
      initialized = false
      level = null
      missing.clear()
      const all = [...members.values()]
      members.clear()
      if (!forGood) for (const member of all) events.gone(member)
      await Promise.all(all.map((member) => member.close()))
    },
  }
}
