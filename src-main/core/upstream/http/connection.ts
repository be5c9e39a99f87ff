import type { Message } from '../../json/message.ts'
import type { Log } from '../../ports.ts'
import type { OpenRequests } from './open-requests.ts'
import type { Requester } from './requester.ts'

/** A message on its way to a server; `sent` is to be called once, or more often, when its bytes need no memory any more. */
export type Sending = { message: Message; sent: () => void }

/** What both generations need to speak with one server over HTTP. */
export type Connection = {
  url: URL
  requester: Requester
  requests: OpenRequests
  log: Log
  /** Aborted when the server is to be left. */
  closing: AbortSignal
  /** The server is gone: says why, once. */
  exit: (reason: string) => void
}

/** What a client of a server asks for (MCP, Streamable HTTP). */
export const acceptBoth = 'application/json, text/event-stream'

/** How long a server may take to accept what needs no answer. */
export const acceptMs = 30_000

/** Resolves after `ms`, at once when the connection is left. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms).unref()
    signal.addEventListener('abort', end, { once: true })
    if (signal.aborted) end()
  })
}
