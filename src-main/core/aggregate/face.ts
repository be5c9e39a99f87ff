import { ToolgateError } from '../../../shared/errors.ts'
import { allServers } from '../../../shared/link.ts'
import { kindFromClient } from '../../../shared/traffic.ts'
import { recordEvents } from '../gateway/record-events.ts'
import { generationOf } from '../gateway/request.ts'
import type { ClientWire, Session, SessionDeps, SessionInfo } from '../gateway/session.ts'
import { errorLine } from '../gateway/to-client.ts'
import { createTooLong } from '../gateway/too-long.ts'
import { cancelledKey, type Message, metaOf, paramsOf, parseMessage } from '../json/message.ts'
import { salvage } from '../json/salvage.ts'
import { mayRun } from '../registry/server-record.ts'
import { speakModern } from '../registry/speak-modern.ts'
import { stoppedBy } from '../stop/halts.ts'
import { createAnnouncements } from './announcements.ts'
import { createAsks } from './asks.ts'
import { createFromServers } from './from-servers.ts'
import { discoverResult, initializeResult } from './greeting.ts'
import { createGroup } from './group.ts'
import { createListens } from './listens.ts'
import { createLists, isList, type ListMethod, listResult } from './lists.ts'
import type { Hello, InnerSessions, Member } from './member.ts'
import { createOpenRequests, type OpenRequest } from './open.ts'
import { createResources } from './resources.ts'
import { createRouter, RequestError } from './route.ts'

/** How long the first answer waits for servers that are slow to start: those are announced once they are there (ms). */
const greetWaitMs = 4_000

/** So many pages are read to find out which server has what the client names. */
const pagesToLearn = 20

const legacyVersions = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05', '2024-10-07']
const modernVersions = ['2026-07-28']

const metaKeysOfOne = ['progressToken', 'io.modelcontextprotocol/logLevel']

type Deps = Pick<
  SessionDeps,
  'registry' | 'audit' | 'clock' | 'log' | 'user' | 'haltOf' | 'clientRevoked' | 'fallbacks' | 'limits'
>
/** What a session with all servers works with. `version`: ours. */
export type FaceDeps = Deps & { version: string; maxMessageBytes: number }

/**
 * Every approved server of a client behind one session: names carry their server, lists are put together, and each request
 * goes to the one server that it is for, through a session of its own, which decides and records it as if the client had come
 * there directly. Nothing is decided here.
 */
export function openFace(info: SessionInfo, wire: ClientWire, sessions: InnerSessions, deps: FaceDeps): Session {
  const { registry, clock, log } = deps
  let hello: Hello | null = null
  let [heard, ready, closed] = [false, false, false]

  const [{ client }, { toClient }] = [info, wire]
  const records = recordEvents(info, deps)
  const open = createOpenRequests(wire)
  const resources = createResources()
  const asks = createAsks(toClient)
  const listens = createListens({ toClient, resources, members: () => group.ready(), clock })
  const lists = createLists({
    ...{ clock, resources, maxBytes: deps.maxMessageBytes, late: (member) => news.late(member) },
    isLeftOut: (member) => group.isLeftOut(member),
    seen: (kind, { server }, item) =>
      kind === 'tasks' ? router.sawTask(server, item.taskId) : router.sawPrompt(server, item.name),
  })
  const router = createRouter({ registry, resources, members: () => group.ready(), learn })
  const message = createFromServers({ toClient, open, asks, listens, resources, router, log, heard: () => heard })
  const group = createGroup({
    ...{ registry, isHalted, clock, sessions, queueBytes: deps.maxMessageBytes, version: deps.version },
    events: { message, waitFor: wire.waitFor, unanswered: ({ key }) => open.dropped(key), gone },
    joined: (member, late) => {
      listens.joined(member)
      if (late) news.announce()
    },
  })
  const news = createAnnouncements({
    ...{ clock, toClient, listens, names: group.names },
    left(server) {
      resources.forget(server)
      router.forget(server)
    },
    ready: () => ready && heard && !closed,
  })

  function gone(member: Member): void {
    asks.gone(member)
    listens.gone(member)
    const error = new ToolgateError('SERVER_EXITED', `\`${member.server}\``)
    for (const { id } of open.at(member)) open.answer(id.key, errorLine(id.text, error, member.server))
  }

  function refuse(beginning: Buffer, error: Error, idText = salvage(beginning).idText): void {
    toClient(refusal(idText, 'message.refused', { bytes: beginning.length, why: error.message }, error))
  }

  /** The answer to what is refused here, once that is recorded; when it cannot be, the answer says so. */
  function refusal(idText: string, name: string, detail: Record<string, unknown>, error: unknown): Buffer {
    try {
      const record = name === 'message.refused' ? records.few : records.event
      record(name, detail)
    } catch (unrecorded) {
      return errorLine(idText, unrecorded, '<server>')
    }
    return errorLine(idText, error, '<server>')
  }

  function fromClient(line: Buffer): void {
    if (line.length === 0 || closed) return
    let message: Message
    try {
      message = parseMessage(line, 'client')
    } catch (error) {
      refuse(line, error as Error)
      return
    }
    // INVARIANT: nothing escapes from here, as when a session with a server has ended: it would end the gateway.
    try {
      if (message.kind === 'request' && message.id) request(message, message.id)
      else if (message.kind === 'notification') notification(message)
      else if (!halted() && !asks.answer(message)) log.info('an answer that nobody waits for was dropped')
    } catch (error) {
      log.info('a message was not passed on', { client: client.name, why: (error as Error).message })
    }
  }

  function halted(): boolean {
    return deps.haltOf(null, client.id) !== null || deps.clientRevoked(client.id)
  }

  function isHalted(server: string): boolean {
    return deps.haltOf(server, client.id) !== null
  }

  function admit(): void {
    const halt = deps.haltOf(null, client.id)
    if (halt) throw stoppedBy(halt)
    if (deps.clientRevoked(client.id)) throw new ToolgateError('CLIENT_REFUSED', `\`${client.name}\``)
  }

  function request(message: Message, id: NonNullable<Message['id']>): void {
    try {
      if (open.has(id.key)) throw new ToolgateError('MALFORMED_MESSAGE', 'a request with this id is still open')
      // Not all of them reach a session with a server, where they would be counted.
      deps.limits.room('calls_per_session', open.size())
    } catch (error) {
      toClient(errorLine(id.text, error, '<server>'))
      return
    }
    const waiting = open.add(message, id)
    answer(message, waiting).catch((error: unknown) => {
      if (open.waits(waiting)) open.answer(id.key, failure(waiting, error))
    })
  }

  function failure({ id, method }: OpenRequest, error: unknown): Buffer {
    if (error instanceof RequestError) {
      const body = JSON.stringify({ code: error.code, message: error.message })
      return Buffer.from(`{"jsonrpc":"2.0","id":${id.text},"error":${body}}`)
    }
    const known = error instanceof ToolgateError ? error : new ToolgateError('INTERNAL')
    if (known.code === 'INTERNAL') log.error('a request to all servers failed', { method, error: String(error) })
    return refusal(id.text, 'request.refused', { method, why: known.message, reason_code: known.code }, known)
  }

  /** Resolves once the request is answered, or with its server. */
  async function answer(message: Message, waiting: OpenRequest): Promise<void> {
    const { method } = waiting
    // What policy decides is refused by the session that records it.
    if (isList(method) || kindFromClient(method) === null) admit()
    if (method === 'initialize') return initialize(message, waiting)
    const greeting = helloOf(message)
    if (method === 'server/discover') return discover(waiting, greeting)
    if (isList(method)) return list(method, message, waiting, greeting)
    if (greeting.generation === 'modern') {
      return method === 'subscriptions/listen' ? listens.begin(message, greeting) : pass(message, waiting, greeting)
    }
    if (method !== 'ping' && method !== 'logging/setLevel') return pass(message, waiting, greeting)
    if (method !== 'ping') await group.setLevel(paramsOf(message))
    reply(waiting, {})
  }

  /** How servers are greeted on behalf of a request: as this client was, or by what the request itself says of its client. */
  function helloOf(message: Message): Hello {
    if (generationOf(message) === 'modern') {
      heard = true
      const shared = Object.entries(metaOf(message)).filter(([key]) => !metaKeysOfOne.includes(key))
      return { generation: 'modern', params: { _meta: Object.fromEntries(shared) } }
    }
    if (hello) return hello
    // Older servers do not know this method, and neither does a client's session with all of them before it has begun.
    if (message.method === 'server/discover') throw new RequestError(-32601, 'Method not found: server/discover')
    throw new ToolgateError('MALFORMED_MESSAGE', 'a session begins with `initialize`')
  }

  function reply({ id }: OpenRequest, result: object): void {
    open.answer(id.key, Buffer.from(`{"jsonrpc":"2.0","id":${id.text},"result":${JSON.stringify(result)}}`))
  }

  async function initialize(message: Message, waiting: OpenRequest): Promise<void> {
    const params = paramsOf(message)
    // All at once: some clients do not wait for the answer before they say more.
    hello = { generation: 'legacy', params }
    deps.fallbacks.fellBack(client.id, allServers)
    ready = false
    lists.forget()
    await group.close(false)
    const together = await group.meet(hello, greetWaitMs)
    heard = true
    reply(waiting, initializeResult(params.protocolVersion, legacyVersions, together))
  }

  async function discover(waiting: OpenRequest, greeting: Hello): Promise<void> {
    // A client that speaks both falls back to the generation that all of its servers speak (protocol.md 1.3).
    if (!speakModern(registry.list()) && deps.fallbacks.expected(client.id, allServers))
      throw new RequestError(-32601, 'Method not found: server/discover')
    reply(waiting, discoverResult(await group.meet(greeting, greetWaitMs), modernVersions))
  }

  async function list(method: ListMethod, message: Message, waiting: OpenRequest, greeting: Hello): Promise<void> {
    const { cursor } = paramsOf(message)
    const page = await lists.read(method, cursor, group.current(), greeting)
    if (!page) throw new RequestError(-32602, 'Invalid params: this cursor is not known (any more)')
    for (const { server } of page.missing) group.leaveOut(server)
    open.answer(waiting.id.key, listResult(waiting.id.text, page, greeting.generation === 'modern'))
  }

  async function learn(method: ListMethod, greeting: Hello): Promise<void> {
    let cursor: string | undefined
    for (let page = 0; page < pagesToLearn; page++) {
      const found = await lists.read(method, cursor, group.current(), greeting)
      if (!found?.nextCursor) return
      cursor = found.nextCursor
    }
  }

  async function pass(message: Message, waiting: OpenRequest, greeting: Hello): Promise<void> {
    const route = await router.find(message, greeting)
    if (!open.waits(waiting)) return
    const server = registry.find(route.server)
    const member = group.memberOf(route.server)
    try {
      if (server && mayRun(server) && !halted()) await member.meet(greeting)
    } catch (error) {
      // The session finds the same, and records it as the end of what policy would have decided.
      if (kindFromClient(waiting.method) === null) throw error
    }
    if (!open.waits(waiting)) return
    Object.assign(waiting, { member, prefixed: route.prefixed })
    if (route.located && waiting.method === 'resources/subscribe') resources.subscribe(route.located, route.text)
    if (route.located && waiting.method === 'resources/unsubscribe') resources.unsubscribe(route.located)
    member.send(route.line)
  }

  function notification(message: Message): void {
    const { method } = message
    const params = paramsOf(message)
    if (!method?.startsWith('notifications/')) {
      refuse(message.raw, new ToolgateError('MALFORMED_MESSAGE', 'a request needs an `id`'))
    } else if (method === 'notifications/cancelled') cancel(message, cancelledKey(message) ?? '')
    else if (halted()) return
    else if (method === 'notifications/initialized') {
      ready = true
      group.begin()
    } else if (method === 'notifications/roots/list_changed') group.tell(message.raw)
    else if (method !== 'notifications/progress' || !asks.tell(message, params.progressToken)) {
      // It could be meant for any one of them; the others must not hear it.
      log.info('a notification that is for no one server was dropped', { client: client.name, method })
    }
  }

  function cancel(message: Message, key: string): void {
    const request = open.get(key)
    if (!request) return
    if (request.method === 'subscriptions/listen') listens.end(key)
    request.member?.send(message.raw)
    // What policy decides is ended by its session, which says so.
    if (!request.member || kindFromClient(request.method) === null) open.drop(request)
  }

  return {
    // What is open counts where it runs, in the sessions with the servers.
    ...{ info, fromClient, open: () => 0 },
    ...createTooLong((head, idText) => refuse(head, new ToolgateError('MESSAGE_TOO_LARGE'), idText)),
    pauseServer: () => group.each('pause'),
    resumeServer: () => group.each('resume'),
    /** The sessions with the servers are halted by the gateway, which knows them. */
    halt: () => undefined,
    viewsChanged: () => void news.viewsChanged(),

    async close(): Promise<void> {
      closed = true
      records.close()
      listens.close()
      await group.close(true)
    },
  }
}
