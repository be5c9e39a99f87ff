import { ToolgateError } from '../../../../shared/errors.ts'
import { discard, HttpFailure } from './await-answer.ts'
import { acceptMs, type Connection, pause, type Sending } from './connection.ts'
import type { ServerEvent } from './event-parser.ts'
import { readEvents, typeOf, type Valve } from './read-answer.ts'

const endpointMs = 15_000

/** The transport of protocol 2024-11-05 once it is open. */
export type EventEndpoint = { send: (sending: Sending) => Promise<void> }

/**
 * Opens the transport of protocol 2024-11-05 (HTTP+SSE): one stream brings everything, and its first event names where messages
 * are posted. Null when the server does not speak it; rejects with HttpFailure when what it names may not be used,
 * and with SERVER_WANTS_SIGN_IN.
 */
export async function openEventEndpoint(
  connection: Connection,
  { limit, valve, tooLarge }: { limit: number; valve: Valve; tooLarge: (head: Buffer) => void },
): Promise<EventEndpoint | null> {
  const { url, requester, requests, closing, exit } = connection
  const res = await requester.send({
    ...{ method: 'GET', url, signal: closing, withinMs: endpointMs },
    headers: { accept: 'text/event-stream' },
  })
  if (res.statusCode === 401) {
    discard(res)
    throw new ToolgateError('SERVER_WANTS_SIGN_IN', 'HTTP 401')
  }
  if (res.statusCode !== 200 || typeOf(res) !== 'text/event-stream') {
    discard(res)
    return null
  }
  const named = Promise.withResolvers<URL | null>()
  const event = ({ type, data }: ServerEvent) => {
    if (type === 'message') requests.deliver(data)
    else if (type === 'endpoint') named.resolve(endpointOf(data, url))
  }
  void readEvents(res, valve, { limit, event, tooLarge }).then(() => {
    named.resolve(null)
    exit('it closed its stream of events')
  })
  const endpoint = await Promise.race([named.promise, pause(endpointMs, closing).then(() => null)])
  if (!endpoint || endpoint.origin !== url.origin) {
    res.destroy()
    throw new HttpFailure(
      endpoint ? `it names an endpoint of another origin, \`${endpoint.origin}\`` : 'it names no endpoint',
    )
  }

  return {
    async send({ message, sent }) {
      const open = message.kind === 'request' ? requests.begin(message) : null
      try {
        const signal = open?.abort.signal ?? closing
        const answer = await requester.send({
          ...{ method: 'POST', url: endpoint, headers: {}, body: message.raw, signal, withinMs: acceptMs, sent },
          signedAs: url,
        })
        discard(answer)
        const { statusCode = 0 } = answer
        if (statusCode >= 300) throw new HttpFailure(`it refuses the request (HTTP ${statusCode})`)
      } catch (error) {
        if (open) requests.lost(open, error)
      } finally {
        sent()
      }
    },
  }
}

function endpointOf(data: Buffer, base: URL): URL | null {
  const text = data.toString('utf8')
  return URL.canParse(text, base.href) ? new URL(text, base) : null
}
