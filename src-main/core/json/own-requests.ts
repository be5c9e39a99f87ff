import { randomBytes } from 'node:crypto'
import { ToolgateError } from '../../../shared/errors.ts'
import type { Clock } from '../ports.ts'
import type { Message } from './message.ts'

export type OwnRequests = ReturnType<typeof createOwnRequests>

type Waiting = { resolve: (message: Message) => void; reject: (error: Error) => void; cancel: () => void }

/**
 * Requests that the gateway itself makes of a server or a client, beside those of the other. Their ids are strings that neither can
 * guess, so answers cannot be confused. `ask` rejects with SERVER_EXITED when who is asked ends or stays silent; once `signal` fires it is
 * told that nobody wants the answer any more.
 */
export function createOwnRequests(write: (line: Buffer) => void, clock: Clock) {
  const prefix = `toolgate-${randomBytes(8).toString('hex')}-`
  const waiting = new Map<string, Waiting>()
  let count = 0

  function tellCancelled(requestId: string): void {
    const params = { requestId, reason: 'it was answered elsewhere, or is not asked any more' }
    try {
      write(Buffer.from(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params })))
    } catch {
      // It takes nothing more, and so waits for nothing of ours.
    }
  }

  return {
    ask(method: string, params: Record<string, unknown>, timeoutMs: number, signal?: AbortSignal): Promise<Message> {
      const id = `${prefix}${++count}`
      return new Promise<Message>((resolve, reject) => {
        const cancel = clock.after(timeoutMs, () => {
          waiting.delete(id)
          reject(new ToolgateError('SERVER_EXITED', `no answer to \`${method}\` within ${timeoutMs / 1000} s`))
        })
        waiting.set(id, { resolve, reject, cancel })
        signal?.addEventListener('abort', () => {
          if (!waiting.delete(id)) return
          cancel()
          tellCancelled(id)
          reject(new ToolgateError('CALL_CANCELLED'))
        })
        write(Buffer.from(JSON.stringify({ jsonrpc: '2.0', id, method, params })))
      })
    },

    /** Takes the answer to one of our requests; false when the message is not ours. */
    take(message: Message): boolean {
      const id = message.json.id
      if (message.kind !== 'response' || typeof id !== 'string' || !id.startsWith(prefix)) return false
      const entry = waiting.get(id)
      waiting.delete(id)
      entry?.cancel()
      entry?.resolve(message)
      return true
    },

    /** Fails the request of this id when it is one of ours; its answer came and cannot be read. */
    fail(id: unknown, error: Error): boolean {
      const entry = typeof id === 'string' ? waiting.get(id) : undefined
      waiting.delete(String(id))
      entry?.cancel()
      entry?.reject(error)
      return entry !== undefined
    },

    /** Ends all of them; `tell`: who is asked is still there, and hears that nobody wants the answers. */
    failAll(error: Error, tell = false): void {
      for (const [id, { reject, cancel }] of waiting) {
        cancel()
        if (tell) tellCancelled(id)
        reject(error)
      }
      waiting.clear()
    },
  }
}
