import type { IncomingMessage } from 'node:http'
import { ToolgateError } from '../../../../shared/errors.ts'
import { cancelledKey, type Message, messageIn, parseMessage } from '../../json/message.ts'
import { splice } from '../../json/spans.ts'
import type { Log } from '../../ports.ts'
import type { ServerEvents } from '../../registry/inspect.ts'
import { discard, HttpFailure } from './await-answer.ts'
import { asLine, readBody, readEvents, type StreamEnd, typeOf, type Valve } from './read-answer.ts'

/** A stream that its server leaves open after the answer is closed after this time. */
const afterAnswerMs = 5_000

/** A request that waits for its answer. `settled` resolves with the answer, or with null when there will be none. */
export type OpenRequest = {
  message: Message
  abort: AbortController
  settled: Promise<Message | null>
  settle: (answer: Message | null) => void
}

export type OpenRequests = ReturnType<typeof createOpenRequests>

/**
 * The requests that are with a server over HTTP, and what becomes of what it says. `learn` sees each answer to `tools/list` and
 * gives the line that is passed on.
 */
export function createOpenRequests(deps: {
  on: Pick<ServerEvents, 'line' | 'tooLong' | 'lost'>
  limit: number
  valve: Valve
  log: Log
  learn: (answer: Message) => Buffer
}) {
  const { on, limit, valve, log } = deps
  const open = new Map<string, OpenRequest>()

  function end(key: string, answer: Message | null): void {
    const request = open.get(key)
    if (!request || !open.delete(key)) return
    request.settle(answer)
    const { abort } = request
    if (answer) setTimeout(() => abort.abort(), afterAnswerMs).unref()
  }

  /** Passes on what a server said, as the bytes it said. */
  function deliver(bytes: Buffer): void {
    const line = asLine(bytes)
    if (!line) log.info('a server sent something that is not a message', { bytes: bytes.length })
    else if (line.length > 0) on.line(taken(line))
  }

  function taken(line: Buffer): Buffer {
    try {
      const message = parseMessage(line)
      const request = message.kind === 'response' && message.id ? open.get(message.id.key) : undefined
      if (!message.id || !request) return line
      end(message.id.key, message)
      return request.message.method === 'tools/list' ? deps.learn(message) : line
    } catch {
      // Whoever reads it says what is wrong with it.
      return line
    }
  }

  function lost({ message }: OpenRequest, error: unknown): void {
    const { id } = message
    if (!id || open.get(id.key)?.message !== message) return
    end(id.key, null)
    const why = error instanceof HttpFailure ? error.message : undefined
    on.lost(id, error instanceof ToolgateError ? error : new ToolgateError('SERVER_UNREACHABLE', why))
  }

  /** The one message of a body that is no stream. An error that names no request belongs to the one it answers. */
  async function whole(res: IncomingMessage, request: OpenRequest): Promise<void> {
    const { statusCode = 0 } = res
    const got = await readBody(res, limit, valve)
    if ('tooLarge' in got) throw new ToolgateError('MESSAGE_TOO_LARGE')
    const line = asLine(got.body)
    const answer = line && messageIn(line)
    if (line && statusCode < 300 && answer) {
      deliver(line)
      if (isOpen(request)) throw new HttpFailure('what it answers belongs to another request')
      return
    }
    const span = answer?.spans.get('id')
    const refusal = answer?.spans.has('error') && span
    if (answer?.kind !== 'response' || !refusal) {
      throw new HttpFailure(
        statusCode < 300 ? 'its answer is no message' : `it refuses the request (HTTP ${statusCode})`,
      )
    }
    const named = answer.id ? answer.raw : splice(answer.raw, [{ span, text: request.message.id?.text ?? 'null' }])
    deliver(named)
    if (isOpen(request)) throw new HttpFailure(`it refuses the request (HTTP ${statusCode})`)
  }

  function isOpen({ message }: OpenRequest): boolean {
    return message.id !== null && open.get(message.id.key)?.message === message
  }

  const read = (res: IncomingMessage): Promise<StreamEnd> =>
    readEvents(res, valve, {
      limit,
      event: ({ type, data }) => type === 'message' && deliver(data),
      tooLarge: on.tooLong,
    })

  return {
    begin(message: Message): OpenRequest {
      const { promise: settled, resolve: settle } = Promise.withResolvers<Message | null>()
      const request = { message, abort: new AbortController(), settled, settle }
      if (message.id) open.set(message.id.key, request)
      return request
    },
    ...{ isOpen, lost, read, deliver },

    /** The open request that a `notifications/cancelled` names. */
    cancelledBy(message: Message): OpenRequest | null {
      return (message.method === 'notifications/cancelled' && open.get(cancelledKey(message) ?? '')) || null
    },

    /** Nothing more is wanted of it: closes the stream of its answer. */
    forget(request: OpenRequest): void {
      if (request.message.id && isOpen(request)) end(request.message.id.key, null)
      request.abort.abort()
    },

    /**
     * Reads the answer to a request; gives where its stream of events ended, and null when it was none. Rejects with what the
     * request is lost to.
     */
    async take(res: IncomingMessage, request: OpenRequest): Promise<StreamEnd | null> {
      const { statusCode = 0 } = res
      if (statusCode === 401) {
        discard(res)
        throw new ToolgateError('SERVER_WANTS_SIGN_IN', 'HTTP 401')
      }
      if (statusCode < 300 && typeOf(res) === 'text/event-stream') {
        const end = await read(res)
        if (end.tooLarge && isOpen(request)) throw new ToolgateError('MESSAGE_TOO_LARGE')
        return end
      }
      if (typeOf(res) === 'application/json') {
        await whole(res, request)
        return null
      }
      discard(res)
      throw new HttpFailure(
        statusCode < 300
          ? `its answer is no message (HTTP ${statusCode})`
          : `it refuses the request (HTTP ${statusCode})`,
      )
    },

    /** Nothing will be answered any more. */
    closeAll(): void {
      for (const [key, { abort }] of [...open]) {
        end(key, null)
        abort.abort()
      }
    },
  }
}
