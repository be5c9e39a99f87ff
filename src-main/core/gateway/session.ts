import { ToolgateError } from '../../../shared/errors.ts'
import { goneSince2026 } from '../../../shared/traffic.ts'
import type { Asking } from '../envelope/credentials.ts'
import { cancelledKey, keyOf, type Message, parseMessage } from '../json/message.ts'
import { createOwnRequests } from '../json/own-requests.ts'
import { salvage } from '../json/salvage.ts'
import { asksUndecided } from '../pipeline/asked.ts'
import type { Deps, SendResult } from '../pipeline/call.ts'
import { listTools, type RunningServer, type StartServer } from '../registry/inspect.ts'
import { countByRule } from '../safety/scan.ts'
import { stoppedBy } from '../stop/halts.ts'
import { createAdmission, type Room } from './admission.ts'
import { createCalls } from './calls.ts'
import { createCatalogue } from './catalogue.ts'
import { createDecided } from './decided.ts'
import type { Fallbacks } from './fallbacks.ts'
import { createInOrder } from './in-order.ts'
import { createNews, type Speaks } from './news.ts'
import { createOpenRequests } from './open-requests.ts'
import { recordEvents } from './record-events.ts'
import { createRepeated } from './repeated.ts'
import { generationOf, saidIn } from './request.ts'
import { errorLine, screenMessage, unknownMethodLine } from './to-client.ts'
import { createTooLong } from './too-long.ts'

type MessageId = NonNullable<Message['id']>

/** What a session works with: all that a call needs, how its server is started, how much there may be, who speaks its generation. */
export type SessionDeps = Deps & Room & { start: StartServer; fallbacks: Fallbacks }

/** Milliseconds that a server has for a question of ours about a call, while that waits. */
const askedForMs = 10_000

/** Who a session belongs to: one client, that works for one tenant or for nobody in particular, with one server. */
export type SessionInfo = { id: string; serverName: string; client: Asking }

/**
 * The client's side of a session. `waitFor`: take nothing more from the client until then. `unanswered`: the call of this id
 * was cancelled and gets no answer, which matters where something is kept open for it. `answered`: the key of the request that
 * a line answers, where that is known, so that nobody needs to read the line again.
 */
export type ClientWire = {
  toClient: (line: Buffer, answered?: string) => void
  waitFor: (drained: Promise<void>) => void
  serverGone: () => void
  unanswered?: (id: MessageId) => void
}

export type Session = ReturnType<typeof openSession>

/** What we ask of a server beside a client's request carries what that said of itself, in the generation that says so each time. */
function withOwnMeta(params: Record<string, unknown>, ownMeta: Speaks['ownMeta']): Record<string, unknown> {
  return ownMeta === null ? params : { ...params, _meta: ownMeta }
}

/**
 * Relays one client's messages to a server process of its own and back. What policy does not touch passes as the bytes it
 * came as; what the table of traffic says is decided goes through the pipeline, both ways. The server starts with the first
 * message that needs it.
 */
export function openSession(info: SessionInfo, wire: ClientWire, deps: SessionDeps) {
  const [{ toClient }, { serverName, client }, { log, fallbacks }] = [wire, info, deps]
  const open = createOpenRequests()
  let [server, closed, clientGone]: [RunningServer | null, boolean, boolean] = [null, false, false]
  let speaks: Speaks = { generation: 'legacy', apps: false, forms: false, ownMeta: null, name: null }
  const { event, few, noted, ...records } = recordEvents(info, deps)
  const { runnable, startable, named, halted, guard, roomFor } = createAdmission(info, deps, event)
  const own = createOwnRequests((line) => toServer(line), deps.clock)
  const calls = createCalls((line) => toServer(line), deps.clock)
  const inOrder = createInOrder(fromServer)
  const catalogue = createCatalogue(() => listTools(own, speaks.ownMeta))
  const { asked, listeners, ...news } = createNews(info, deps, {
    ...{ toClient, toServer, event: few, noted, hold: inOrder.hold, screened, catalogue, speaks: () => speaks },
  })
  const decided = createDecided(info, deps, {
    ...{ open, calls, listeners, live: catalogue.live, noted, pass, askClient: asked.ask },
    unanswered: (id) => void (repeated.over(id.key) || wire.unanswered?.(id)),
    ask: (method, params) => own.ask(method, withOwnMeta(params, speaks.ownMeta), askedForMs),
    toClient: (line, answered) => void (repeated.over(answered) || clientGone || toClient(line, answered)),
  })
  const repeated = createRepeated((message, id) => !clientGone && decided.take(message, id, speaks))

  function toServer(line: Buffer): void {
    if (closed) throw new ToolgateError('SERVER_EXITED')
    server ??= deps.start(
      startable().launch,
      {
        line: inOrder.take,
        ...createTooLong((head, idText) => unreadable(head, new ToolgateError('MESSAGE_TOO_LARGE'), idText)),
        lost: (id, error) => unanswered(id, error, error, { kind: 'lost', error }),
        exit: serverExited,
        interrupted: serverInterrupted,
        again: repeated.ask,
        busy: open.busy,
      },
      info,
    )
    if (!server.write(line)) wire.waitFor(server.drain())
  }

  function fromClient(line: Buffer, readAlready?: Message): void {
    if (line.length === 0) return
    let message: Message
    try {
      message = readAlready ?? parseMessage(line, 'client')
    } catch (error) {
      refuseMessage(line, error as Error)
      return
    }
    try {
      if (message.kind === 'request') request(message)
      else if (message.kind === 'notification') notify(message)
      else if (!asked.answer(message.id?.key ?? '', { kind: 'answer', message }) && !halted()) toServer(line)
    } catch (error) {
      log.info('a message was not passed on', { server: serverName, why: (error as Error).message })
      if (message.kind === 'request') toClient(errorLine(message.id?.text ?? 'null', error, serverName))
    }
  }

  /** Records and answers what is no message for us; when it cannot be recorded, the answer says that. */
  function refuseMessage(beginning: Buffer, error: Error, idText = salvage(beginning).idText): void {
    // What would have answered a question of the server ends it: the server must not wait for ever.
    if (idText !== 'null' && !salvage(beginning).asks) {
      asked.answer(keyOf(JSON.parse(idText)) ?? '', { kind: 'unreadable' })
    }
    const told = noted('message.refused', { bytes: beginning.length, why: error.message }, error)
    toClient(errorLine(idText, told, serverName))
  }

  /**
   * INVARIANT: nothing but notifications passes without an answer to wait for. A call without an id would run in a server that
   * looks at `method` alone, and nobody would have decided it.
   */
  function notify(message: Message): void {
    if (!message.method?.startsWith('notifications/')) {
      refuseMessage(message.raw, new ToolgateError('MALFORMED_MESSAGE', 'a request needs an `id`'))
    } else if ((message.method !== 'notifications/cancelled' || !cancel(message)) && !halted()) toServer(message.raw)
  }

  function request(message: Message): void {
    const { id, method } = message
    if (!id || method === null) return
    if (open.has(id.key)) throw new ToolgateError('MALFORMED_MESSAGE', 'a request with this id is still open')
    roomFor(open.size())
    named(message)
    const generation = method === 'initialize' ? 'legacy' : generationOf(message)
    speaks = saidIn(message, generation, speaks)
    if (method === 'initialize') fallbacks.fellBack(client.id, serverName)
    // Some older servers exit when asked this first; what they would say is known from their review (protocol.md 1.3).
    const older = method === 'server/discover' && runnable().generation === 'legacy'
    const gone = generation === 'modern' && goneSince2026.includes(method)
    if (gone || (older && fallbacks.expected(client.id, serverName))) toClient(unknownMethodLine(id.text, method))
    else if (!decided.take(message, id, speaks)) pass(message, id)
  }

  function pass(message: Message, id: MessageId): void {
    guard(message)
    open.add(id.key, { idText: id.text, method: message.method ?? '' })
    try {
      toServer(message.raw)
    } catch (error) {
      open.remove(id.key)
      throw error
    }
  }

  /** True when the cancelled request was a call, which its pipeline ends; else the server must hear of it. */
  function cancel(message: Message): boolean {
    const key = cancelledKey(message) ?? ''
    const request = open.get(key)
    listeners.remove(key)
    if (!request?.cancel) open.cancelled(key)
    request?.cancel?.abort(message.raw)
    return request?.cancel !== undefined
  }

  /** INVARIANT: whatever a server sends, nothing escapes from here: its end would be everybody's. */
  function fromServer(line: Buffer): void {
    try {
      deliver(parseMessage(line))
    } catch (error) {
      unreadable(line, error)
    }
  }

  function deliver(message: Message): void {
    if (own.take(message)) return
    if (message.kind !== 'response' || !message.id) {
      news.told(message)
      return
    }
    if (calls.answer(message.id.key, { kind: 'answer', message })) return
    const request = open.get(message.id.key)
    if (!request || request.cancel) {
      log.info('an answer that nobody waits for was dropped', { server: serverName })
      return
    }
    const halt = deps.haltOf(serverName, client.id)
    if (halt) throw stoppedBy(halt)
    if (asksUndecided(message)) throw new ToolgateError('RESULT_WITHHELD', 'it asks the client for something')
    const line = screened(news.reviewed(request.method, message))
    open.remove(message.id.key)
    listeners.remove(message.id.key)
    toClient(line, message.id.key)
  }

  function screened(message: Message): Buffer {
    const { line, findings } = screenMessage(message)
    const rules = countByRule(findings)
    // Answers are as many as the client asked for; of its own accord a server may send any number.
    const record = message.kind === 'response' ? event : few
    if (rules.length > 0) record('result.masked', { method: message.method ?? 'answer', findings: rules })
    return line
  }

  /** A server may print anything; only what asks or would have answered something matters, and that must fail loudly. */
  function unreadable(line: Buffer, error: unknown, idText = salvage(line).idText): void {
    log.info('a server wrote something that is not a message', { server: serverName, bytes: line.length })
    if (idText === 'null') return
    // The server counts its own requests: one of them must not end the client's request that has the same id.
    if (salvage(line).asks) {
      try {
        server?.write(errorLine(idText, error, serverName))
      } catch {
        // It takes nothing more, and so waits for its own sake.
      }
      return
    }
    const key = keyOf(JSON.parse(idText)) ?? ''
    const unread = new ToolgateError('SERVER_EXITED', 'its answer cannot be read')
    unanswered({ text: idText, key }, error, unread, { kind: 'unreadable' })
  }

  /** Ends the request that has no answer: one of our own, a call in its pipeline, or another one of the client's. */
  function unanswered(
    { text, key }: Pick<MessageId, 'text' | 'key'>,
    error: unknown,
    ours: Error,
    call: SendResult,
  ): void {
    if (own.fail(JSON.parse(text), ours) || calls.answer(key, call) || !open.remove(key)) return
    listeners.remove(key)
    toClient(errorLine(text, error, serverName))
  }

  /** The server ended and will be there again with the next request; what was open is answered. */
  function serverInterrupted(reason: string): void {
    log.info('a server ended', { server: serverName, reason })
    inOrder.flush()
    const gone = new ToolgateError('SERVER_EXITED', reason)
    catalogue.forget()
    own.failAll(gone)
    calls.exited(gone)
    asked.end()
    listeners.clear()
    for (const idText of open.takeAwaited()) toClient(errorLine(idText, gone, serverName))
  }

  function serverExited(reason: string): void {
    server = null
    closed = true
    serverInterrupted(reason)
    // The callers that waited hear of it first.
    void Promise.allSettled(decided.running()).then(wire.serverGone)
  }

  return {
    ...{ info, fromClient, open: open.size },
    ...createTooLong((head, idText) => refuseMessage(head, new ToolgateError('MESSAGE_TOO_LARGE'), idText)),

    /** The client reads slowly: its server waits too, instead of filling our memory. */
    pauseServer: () => server?.pause(),
    resumeServer: () => server?.resume(),

    /** Ends every call that runs or waits, as when a person stops it. */
    halt(): void {
      for (const call of open.calls()) call.abort()
      asked.end()
    },

    viewsChanged: () => void (closed || news.viewsChanged()),
    /** The client is gone: nothing is wanted any more, and the server has no reason to live. */
    async close(): Promise<void> {
      for (const call of open.calls()) call.abort()
      asked.end()
      if (!clientGone && news.tally.any()) noted('session.passed', { messages: news.tally.counts() }, null)
      records.close()
      const ending = server
      closed = true
      clientGone = true
      own.failAll(new ToolgateError('CALL_CANCELLED'))
      await ending?.end()
    },
  }
}
