import { generationOf } from '../../gateway/request.ts'
import { HttpFailure } from './await-answer.ts'
import { acceptBoth, type Connection, type Sending } from './connection.ts'
import type { createModernHeaders } from './modern-headers.ts'

/**
 * Protocol 2026-07-28 over HTTP: every request is a POST of its own, its answer comes in the response, and closing that is how a
 * request is cancelled (transports, Streamable HTTP).
 */
export function createModernConnection(connection: Connection, headers: ReturnType<typeof createModernHeaders>) {
  const { url, requester, requests } = connection

  async function request({ message, sent }: Sending): Promise<void> {
    const open = requests.begin(message)
    try {
      const res = await requester.send({
        ...{ method: 'POST', url, body: message.raw, signal: open.abort.signal, withinMs: null, sent },
        headers: { accept: acceptBoth, ...headers.of(message) },
      })
      await requests.take(res, open)
      requests.lost(open, new HttpFailure('its answer broke off'))
    } catch (error) {
      requests.lost(open, error)
    } finally {
      sent()
    }
  }

  return {
    request: (sending: Sending) => void request(sending),

    /** Closes the answer of the request that a `notifications/cancelled` names; false when none of this generation is open. */
    cancel({ message }: Sending): boolean {
      const cancelled = requests.cancelledBy(message)
      if (!cancelled || generationOf(cancelled.message) !== 'modern') return false
      requests.forget(cancelled)
      return true
    },
  }
}
