import { ToolgateError } from '../../../shared/errors.ts'
import type { ClientWire, Session } from '../gateway/session.ts'
import { type Message, parseMessage } from '../json/message.ts'
import { createOwnRequests } from '../json/own-requests.ts'
import type { Clock } from '../ports.ts'

/** A server may be fetched by a package runner before it answers for the first time (ms). */
const greetMs = 60_000

/** A server that could not be reached is tried again after this long, each time twice as long, up to the second (ms). */
const retryMs = 2_000
const longestRetryMs = 300_000

/** How often that is done without anybody asking for it. */
const ownRetries = 6

/** What servers say they can do is put together; so deep may it be nested, or one server would keep the others from their client. */
const deepest = 64

/** How a server is greeted: `initialize` with the client's own parameters, or `server/discover` in the stateless generation. */
export type Hello = { generation: 'legacy' | 'modern'; params: Record<string, unknown> }

/** What a server said when it was greeted; its instructions as far as they were reviewed. */
export type Greeting = { capabilities: Record<string, unknown>; instructions: string }

/** How a session of the client with one server is opened and ended. */
export type InnerSessions = {
  open: (server: string, wire: ClientWire, end: () => void) => Session
  close: (session: Session) => Promise<void>
}

/** What happens to a member: a message of its server, and what a session's wire tells. */
export type MemberEvents = Pick<ClientWire, 'waitFor'> & {
  message: (member: Member, message: Message) => void
  unanswered: NonNullable<ClientWire['unanswered']>
  greeted: (member: Member) => void
  gone: (member: Member) => void
}

export type Member = ReturnType<typeof createMember>

type Deps = { sessions: InnerSessions; clock: Clock; queueBytes: number }

/**
 * One server among those that a client sees as one: a session of its own, opened when it is needed and again after its server
 * ended. `queueBytes`: so much waits for a server that reads slowly before the client must wait too.
 */
export function createMember(server: string, on: MemberEvents, { sessions, clock, queueBytes }: Deps) {
  let session: Session | null = null
  let greeted: Promise<Greeting> | null = null
  let greeting: Greeting | null = null
  let problem: Error | null = null
  let failures = 0
  let retryAt = Number.NEGATIVE_INFINITY
  let closed = false
  let stopRetry = () => {}
  let drained: Promise<void> | null = null
  let queue: Buffer[] = []
  let queued = 0
  const own = createOwnRequests((line) => send(line), clock)

  /** INVARIANT: nothing is opened for a client that is gone, whatever was still under way for it. */
  function running(): Session {
    if (closed) throw new ToolgateError('SERVER_EXITED', 'the session has ended')
    if (session) return session
    const end = () => void gone(made)
    const wire = { toClient, waitFor, unanswered: on.unanswered, serverGone: end }
    const made = sessions.open(server, wire, end)
    session = made
    return made
  }

  function toClient(line: Buffer): void {
    const message = parseMessage(line)
    if (!own.take(message)) on.message(member, message)
  }

  /** A server that reads slowly holds its own messages up, not those of the others. */
  function waitFor(done: Promise<void>): void {
    const until = Promise.all([drained, done]).then(() => {})
    drained = until
    void until.then(() => {
      if (drained !== until) return
      drained = null
      const waiting = queue
      queue = []
      queued = 0
      for (const line of waiting) send(line)
    })
  }

  function send(line: Buffer): void {
    if (!drained) {
      running().fromClient(line)
      return
    }
    queue.push(line)
    queued += line.length
    if (queued > queueBytes) on.waitFor(drained)
  }

  async function gone(ended: Session): Promise<void> {
    if (session !== ended) return
    forget()
    on.gone(member)
    await sessions.close(ended)
  }

  function forget(): void {
    session = null
    greeted = null
    greeting = null
    drained = null
    queue = []
    queued = 0
    own.failAll(new ToolgateError('SERVER_EXITED'))
  }

  async function greet({ generation, params }: Hello): Promise<Greeting> {
    const method = generation === 'modern' ? 'server/discover' : 'initialize'
    const answer = await own.ask(method, params, greetMs)
    const { result, error } = answer.json as { result?: Record<string, unknown>; error?: unknown }
    if (typeof result !== 'object' || result === null) throw new ToolgateError('SERVER_START_FAILED', said(error))
    const { capabilities, instructions } = result
    if (isDeeper(capabilities, deepest))
      throw new ToolgateError('SERVER_START_FAILED', 'what it says it can do is nested too deep')
    return {
      capabilities: typeof capabilities === 'object' && capabilities !== null ? { ...capabilities } : {},
      instructions: typeof instructions === 'string' ? instructions : '',
    }
  }

  async function tryGreeting(hello: Hello): Promise<Greeting> {
    try {
      const answer = await greet(hello)
      greeting = answer
      problem = null
      failures = 0
      on.greeted(member)
      return answer
    } catch (error) {
      // Nobody failed when it was us who ended it.
      if (closed) throw error
      problem = error as Error
      const waitMs = Math.min(retryMs * 2 ** failures++, longestRetryMs)
      retryAt = clock.monotonic() + waitMs
      if (failures <= ownRetries) stopRetry = clock.after(waitMs, () => void member.meet(hello).catch(() => {}))
      const ended = session
      greeted = null
      if (ended) await gone(ended)
      throw error
    }
  }

  const member = {
    server,

    /** Greets the server unless that was done; rejects when it cannot be, at once when it could not be shortly before. */
    meet(hello: Hello): Promise<Greeting> {
      if (greeted) return greeted
      if (problem && clock.monotonic() < retryAt) return Promise.reject(problem)
      stopRetry()
      greeted = tryGreeting(hello)
      return greeted
    },

    /** What it said; null until then, and after its server ended. */
    greeting: () => greeting,

    /** Why it could not be greeted the last time; null when it could or nobody tried. */
    problem: () => problem,

    /** Sends a line of the client, opening a session when there is none. */
    send,

    /** A request of our own; rejects when it is not answered in time. */
    ask: own.ask,

    pause: () => session?.pauseServer(),
    resume: () => session?.resumeServer(),

    /** Ends the session, if there is one, and opens no other; nobody is told. */
    async close(): Promise<void> {
      const ended = session
      closed = true
      stopRetry()
      forget()
      if (ended) await sessions.close(ended)
    },
  }
  return member
}

/** Whether a value is nested deeper than so many levels. */
function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1))
}

/** Our own refusals say what to do; the words of a server may say anything. */
function said(error: unknown): string {
  const { code, message, data } = (error ?? {}) as { code?: unknown; message?: unknown; data?: { hint?: unknown } }
  const ours = typeof data === 'object' && typeof data?.hint === 'string' && typeof message === 'string'
  return ours ? String(message) : `the server answered with error ${Number.isInteger(code) ? code : 'of no code'}`
}
