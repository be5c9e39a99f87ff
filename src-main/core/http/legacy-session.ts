import type { ServerResponse } from 'node:http'
import { ToolgateError } from '../../../shared/errors.ts'
import { kindFromClient } from '../../../shared/traffic.ts'
import { agreedVersion, joinAnswers, requestIn } from '../gateway/batches.ts'
import type { ClientWire, Session } from '../gateway/session.ts'
import { errorLine } from '../gateway/to-client.ts'
import { cancelledKey, keyOf, type Message, paramsOf, parseMessage, progressKey } from '../json/message.ts'
import { salvage } from '../json/salvage.ts'
import type { LiveLimits } from '../limits.ts'
import type { Clock } from '../ports.ts'
import { createEventStreams, type EventStream } from './event-streams.ts'
import type { Exchange, Posted } from './exchange.ts'
import { createFlow } from './flow.ts'
import { createHeldUp } from './held-up.ts'
import { belongsToNone, isTold, whyUnreadable } from './legacy-messages.ts'
import { refuse, sendNothing } from './refusals.ts'

/** The first version whose clients expect a stream to begin with an event that has an id and no data. */
const primedSince = '2025-11-25'

/**
 * A request that is not answered within one to two of these (ms) gets its stream of events, and with it an id to come back with
 * when its connection breaks. What is answered sooner costs one write instead of two.
 */
const soonMs = 100

/** What a session is bound to, and how it is opened and ended. */
export type LegacyOptions = {
  id: string
  clock: Clock
  limits: LiveLimits
  open: (wire: ClientWire, end: () => void) => Session
  /** The session is over; the gateway has ended its server or will. */
  onEnd: () => Promise<void>
}

/**
 * A request that is not answered yet: on a stream of events, or as one JSON body. `begin`: opens its stream, which is done as
 * late as can be; null for one that has its stream or never gets one. `waited`: it was looked at once before.
 */
type Open = {
  idText: string
  res: ServerResponse
  progress: string | null
  call: boolean
  stream: EventStream | null
  begin: (() => EventStream) | null
  waited: boolean
  answer: (line: Buffer) => void
}

export type LegacySession = ReturnType<typeof createLegacySession>

/**
 * One session of a client that speaks 2025-11-25 or older: its messages go to a server of its own and back, each to the
 * stream of the request that it belongs to. A connection that breaks cancels nothing.
 */
export function createLegacySession({ id, clock, limits, open, onEnd }: LegacyOptions) {
  const requests = new Map<string, Open>()
  const flow = createFlow(() => session, clock)
  const streams = createEventStreams(flow, undeliverable)
  /** Carries what belongs to no request. */
  const standing = streams.open('g')
  let version: string | null = null
  let count = 0
  const heldUp = createHeldUp(limits)
  let used = clock.monotonic()
  let ended: Promise<void> | null = null
  let stopLooking: (() => void) | null = null

  const wire: ClientWire = {
    toClient,
    waitFor: heldUp.until,
    unanswered: ({ key, text }) => answer(key, errorLine(text, new ToolgateError('CALL_CANCELLED'), '')),
    serverGone: () => void end(),
  }
  const session = open(wire, () => void end())

  function toClient(line: Buffer, answered?: string): void {
    const message = answered === undefined ? parseMessage(line) : null
    if (message && message.kind !== 'response') streams.send(streamFor(message), line)
    else answer(answered ?? message?.id?.key ?? '', line)
  }

  function answer(key: string, line: Buffer): void {
    const request = requests.get(key)
    if (!requests.delete(key)) return
    used = clock.monotonic()
    request?.answer(line)
  }

  /** The stream of the request that a message belongs to, else of the newest request, else the one that stands. */
  function streamFor(message: Message): EventStream {
    const { method } = message
    const open = [...requests.values()].filter(({ stream, begin }) => stream !== null || begin !== null)
    const token = method === 'notifications/progress' ? keyOf(paramsOf(message).progressToken) : null
    const owner = token === null ? undefined : open.find(({ progress }) => progress === token)
    if (owner) return begun(owner)
    if (standing.response && belongsToNone(method)) return standing
    const newest = open.at(-1)
    return newest ? begun(newest) : standing
  }

  function begun(request: Open): EventStream {
    const stream = request.stream ?? request.begin?.() ?? standing
    request.stream = stream
    request.begin = null
    return stream
  }

  /** Looks for requests that wait for long, while there are open ones. */
  function lookLater(): void {
    stopLooking ??= clock.after(soonMs, () => {
      stopLooking = null
      for (const request of requests.values()) {
        if (request.waited && request.begin) begun(request)
        request.waited = true
      }
      if (requests.size > 0) lookLater()
    })
  }

  /** A server that asks what nobody can hear must not wait for ever. */
  function undeliverable(line: Buffer): void {
    const { kind, id: asked } = parseMessage(line)
    if (kind !== 'request' || !asked) return
    const error = '{"code":-32603,"message":"Toolgate: the client does not listen"}'
    session.fromClient(Buffer.from(`{"jsonrpc":"2.0","id":${asked.text},"error":${error}}`))
  }

  /** Takes a request, and answers it on `res` in the form that the client accepts. */
  function request({ message, res, accepts }: Posted, answered?: (line: Buffer) => void): void {
    if (!message.id) return
    const { key, text: idText } = message.id
    if (requests.has(key)) {
      refuse(res, 'MALFORMED', { idText, detail: 'a request with this id is still open' })
      return
    }
    const most = limits.of('calls_per_session')
    if (requests.size >= most) {
      refuse(res, 'TOO_MANY_REQUESTS', { idText, detail: `\`calls_per_session\` is ${most}` })
      return
    }
    const call = kindFromClient(message.method ?? '') !== null
    const own: Open = {
      ...{ idText, res, progress: progressKey(message), call, stream: null, begin: null, waited: false },
      answer: answered ?? ((line) => flow.json(res, 200, line)),
    }
    requests.set(key, own)
    if (!answered && accepts.events) onStream(own)
    session.fromClient(message.raw, message)
  }

  /** Answers a request with events. Their stream begins with what is to be said. */
  function onStream(request: Open): void {
    request.begin = () => {
      const stream = streams.open(`p${++count}`)
      streams.connect(stream, request.res, version !== null && version >= primedSince)
      return stream
    }
    request.answer = (line) => {
      const stream = begun(request)
      streams.send(stream, line)
      streams.end(stream)
    }
    lookLater()
  }

  /** Takes the requests among `lines`, and what is no message, which its session records and refuses too. */
  function askAll({ res, accepts }: Pick<Posted, 'res' | 'accepts'>, lines: readonly Buffer[]): void {
    const asked = lines.filter((line) => !isTold(line))
    const stream = accepts.events ? streams.open(`p${++count}`) : null
    if (stream) streams.connect(stream, res, false)
    const answers: Buffer[] = []
    const answer = (line: Buffer) => {
      answers.push(line)
      if (stream) streams.send(stream, line)
      if (answers.length < asked.length) return
      if (stream) streams.end(stream)
      else flow.json(res, 200, joinAnswers(answers))
    }
    for (const line of asked) {
      const message = requestIn(line)
      const key = message?.id?.key ?? null
      if (!message?.id || key === null || requests.has(key)) {
        const twice = new ToolgateError('MALFORMED_MESSAGE', 'a request with this id is still open')
        answer(errorLine(salvage(line).idText, key === null ? whyUnreadable(line) : twice, ''))
        if (key === null) session.fromClient(line)
        continue
      }
      const call = kindFromClient(message.method ?? '') !== null
      requests.set(key, {
        ...{ idText: message.id.text, res, progress: progressKey(message), call, stream, begin: null, waited: true },
        answer,
      })
      session.fromClient(line)
    }
  }

  /** A request that was cancelled may never be answered; what is kept open for it is closed. Calls say so themselves. */
  function cancelled(message: Message): void {
    if (message.method !== 'notifications/cancelled') return
    const key = cancelledKey(message)
    const request = key === null ? undefined : requests.get(key)
    if (!request || key === null || request.call) return
    answer(key, errorLine(request.idText, new ToolgateError('CALL_CANCELLED'), ''))
  }

  function end(): Promise<void> {
    if (ended) return ended
    ended = Promise.resolve()
    for (const [key, { idText }] of requests) {
      answer(key, errorLine(idText, new ToolgateError('SERVER_EXITED', 'the session has ended'), ''))
    }
    stopLooking?.()
    streams.close()
    ended = onEnd()
    return ended
  }

  return {
    id,
    end,
    session: () => session,

    /** The version that was agreed on; null before. */
    version: () => version,

    /** Takes the first request. `begun`: the server took the client, and this is the answer; else it was `refused`. */
    initialize(posted: Posted, done: { begun: (line: Buffer) => void; refused: (line: Buffer) => void }): void {
      request(posted, (line) => {
        const answer = parseMessage(line)
        if (!answer.spans.has('result')) return done.refused(line)
        version = agreedVersion(answer) ?? ''
        done.begun(line)
      })
    },

    /** Takes any later message; resolves when it is taken. */
    async post(posted: Posted): Promise<void> {
      used = clock.monotonic()
      const { raw, id: asked } = posted.message
      const idText = asked?.text ?? 'null'
      const full = heldUp.full(raw.length)
      if (full !== null) return refuse(posted.res, 'TOO_MANY_REQUESTS', { idText, detail: full })
      await heldUp.wait(raw.length)
      if (ended) return refuse(posted.res, 'UNKNOWN_SESSION', { idText })
      if (posted.message.kind === 'request') return request(posted)
      session.fromClient(posted.message.raw, posted.message)
      cancelled(posted.message)
    },

    /** Takes several messages that came as one; their answers leave as one, or as events of one stream (MCP 2025-03-26). */
    async batch({ res, accepts }: Exchange, lines: readonly Buffer[]): Promise<void> {
      used = clock.monotonic()
      const length = lines.reduce((sum, line) => sum + line.length, 0)
      const full = heldUp.full(length)
      if (full !== null) return refuse(res, 'TOO_MANY_REQUESTS', { detail: full })
      await heldUp.wait(length)
      if (ended) return refuse(res, 'UNKNOWN_SESSION')
      const others = lines.filter((line) => isTold(line))
      const answered = lines.length - others.length
      const most = limits.of('calls_per_session')
      if (requests.size + answered > most) {
        return refuse(res, 'TOO_MANY_REQUESTS', { detail: `\`calls_per_session\` is ${most}` })
      }
      if (answered === 0) sendNothing(res, 202)
      else askAll({ res, accepts }, lines)
      for (const line of others) {
        session.fromClient(line)
        cancelled(parseMessage(line, 'client'))
      }
    },

    /** Opens the stream of what belongs to no request, or goes on with a stream that broke after the event `lastEventId`. */
    listen(res: ServerResponse, lastEventId: string | null): void {
      used = clock.monotonic()
      const prime = version !== null && version >= primedSince
      const found = lastEventId === null ? null : streams.find(lastEventId)
      if (lastEventId === null && standing.response) {
        refuse(res, 'SECOND_STREAM')
        return
      }
      const connected =
        lastEventId === null
          ? streams.connect(standing, res, prime)
          : found !== null && streams.connect(found.stream, res, prime, found.after)
      if (!connected) refuse(res, 'EVENTS_GONE')
    },

    beat: () => streams.beat(),

    /** Milliseconds, monotonic, since the client was last connected; what runs for a client that is gone keeps nothing. */
    idleMs: () => {
      const waited = [...requests.values()].some(({ res }) => !res.destroyed)
      if (waited || streams.connected()) used = clock.monotonic()
      return clock.monotonic() - used
    },
  }
}
