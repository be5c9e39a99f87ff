import { randomBytes } from 'node:crypto'
import { ToolgateError } from '../../../shared/errors.ts'
import type { Message } from '../json/message.ts'
import { splice } from '../json/spans.ts'
import type { SendResult } from '../pipeline/call.ts'
import type { Clock } from '../ports.ts'

type InFlight = { finish: (result: SendResult) => void }

/**
 * The calls that are with the server right now. The first attempt goes out byte for byte under the client's own id; a repeated
 * one under an id of ours, so that a late answer to the first cannot be taken for its answer.
 */
export function createCalls(write: (line: Buffer) => void, clock: Clock) {
  const inFlight = new Map<string, InFlight>()
  const prefix = `toolgate-repeat-${randomBytes(8).toString('hex')}-`
  let repeats = 0

  const tell = (line: Buffer) => {
    try {
      write(line)
    } catch {
      // A server that is gone has nothing left to cancel.
    }
  }
  const cancelAtServer = (idText: string) => {
    const params = `{"requestId":${idText},"reason":"cancelled by Toolgate"}`
    tell(Buffer.from(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":${params}}`))
  }

  return {
    /** Sends the call and waits for its answer, `timeoutMs`, the caller's `signal` or the server's end, whichever is first. */
    send(message: Message, attempt: number, timeoutMs: number | null, signal: AbortSignal): Promise<SendResult> {
      const { id } = message
      if (!id) throw new Error('a call has an id')
      const own = JSON.stringify(`${prefix}${++repeats}`)
      const [idText, key] = attempt === 1 ? [id.text, id.key] : [own, `string:${JSON.parse(own)}`]
      return new Promise((resolve) => {
        const finish = (result: SendResult) => {
          inFlight.delete(key)
          stopTimer()
          signal.removeEventListener('abort', abort)
          resolve(result)
        }
        // The client's own words, when it cancelled and the server knows the call under the client's id.
        const abort = () => {
          if (attempt === 1 && Buffer.isBuffer(signal.reason)) tell(signal.reason)
          else cancelAtServer(idText)
          finish({ kind: 'cancelled' })
        }
        const expire = () => {
          cancelAtServer(idText)
          finish({ kind: 'timeout' })
        }
        const stopTimer = timeoutMs === null ? () => {} : clock.after(timeoutMs, expire)
        if (signal.aborted) return finish({ kind: 'cancelled' })
        signal.addEventListener('abort', abort, { once: true })
        inFlight.set(key, { finish })
        try {
          write(attempt === 1 ? message.raw : splice(message.raw, [{ span: id.span, text: idText }]))
        } catch (error) {
          finish(error instanceof ToolgateError ? { kind: 'lost', error } : { kind: 'exited' })
        }
      })
    },

    /** Hands an answer to the call that waits for it; false when none does. */
    answer(key: string, result: SendResult): boolean {
      const call = inFlight.get(key)
      call?.finish(result)
      return call !== undefined
    },

    /** The server is gone: nothing that it was asked will be answered any more. */
    exited(error: ToolgateError): void {
      for (const { finish } of [...inFlight.values()]) finish({ kind: 'lost', error })
    },
  }
}
