import type { HttpLaunch } from '../../../../shared/server.ts'
import { generationOf } from '../../gateway/request.ts'
import { parseMessage } from '../../json/message.ts'
import type { Log } from '../../ports.ts'
import type { RunningServer, ServerEvents } from '../../registry/inspect.ts'
import type { Authorizer } from './authorizer.ts'
import type { Connection, Sending } from './connection.ts'
import { openEventEndpoint } from './event-endpoint.ts'
import { createLegacyConnection } from './legacy-connection.ts'
import { createModernConnection } from './modern-connection.ts'
import { createModernHeaders } from './modern-headers.ts'
import { createOpenRequests } from './open-requests.ts'
import { createValve } from './read-answer.ts'
import { createRequester } from './requester.ts'

/** More bytes on their way than this, and whoever writes should wait. */
const highWater = 4 * 1024 * 1024

/**
 * A server that is reached over HTTP, with the face of a process: lines in, lines out. Message bytes pass as they are, in both
 * generations and the transport of 2024-11-05. `limit`: longest message in bytes; `authorizer` signs requests in.
 */
export function connectServer(
  launch: HttpLaunch,
  on: ServerEvents,
  { limit, log, authorizer }: { limit: number; log: Log; authorizer: Authorizer },
): RunningServer {
  const left = new AbortController()
  const valve = createValve(limit)
  const requester = createRequester(launch, authorizer)
  const headers = createModernHeaders()
  let over: Promise<void> | null = null
  let onTheWay = 0
  let drained = Promise.withResolvers<void>()
  const unlessOver =
    <A extends unknown[]>(tell: (...args: A) => void) =>
    (...args: A) => {
      if (!over) tell(...args)
    }

  const requests = createOpenRequests({
    on: { line: unlessOver(on.line), tooLong: unlessOver(on.tooLong), lost: unlessOver(on.lost) },
    ...{ limit, valve, log, learn: headers.learn },
  })
  const exit = (reason: string) => void leave(reason)
  const connection: Connection = { url: new URL(launch.url), requester, requests, log, closing: left.signal, exit }
  const legacy = createLegacyConnection(connection, () =>
    openEventEndpoint(connection, { limit, valve, tooLarge: unlessOver(on.tooLong) }),
  )
  const modern = createModernConnection(connection, headers)

  function leave(reason: string): Promise<void> {
    over ??= (async () => {
      const goodbye = legacy.goodbye()
      requests.closeAll()
      left.abort()
      valve.resume()
      drained.resolve()
      await goodbye
      requester.close()
      on.exit(reason)
    })()
    return over
  }

  function route(sending: Sending): void {
    const { message } = sending
    if (message.kind === 'request' && generationOf(message) === 'modern') modern.request(sending)
    else if (message.kind === 'request') legacy.send(sending)
    else if (modern.cancel(sending)) sending.sent()
    else if (legacy.begun()) legacy.send(sending)
    // The stateless generation has nothing else that is no request.
    else sending.sent()
  }

  function count(bytes: number): () => void {
    let counted = true
    onTheWay += bytes
    return () => {
      if (!counted) return
      counted = false
      onTheWay -= bytes
      if (onTheWay > highWater) return
      drained.resolve()
      drained = Promise.withResolvers()
    }
  }

  return {
    write(line) {
      if (over) return true
      route({ message: parseMessage(line), sent: count(line.length) })
      return onTheWay <= highWater
    },
    drain: async () => {
      if (onTheWay > highWater && !over) await drained.promise
    },
    pause: valve.pause,
    resume: valve.resume,
    wake() {
      requester.refresh()
      return legacy.wake()
    },
    end: () => leave('it was left'),
  }
}
