import { randomBytes } from 'node:crypto'
import { type Message, messageIn } from '../json/message.ts'
import { splice } from '../json/spans.ts'

/**
 * Requests that the client made of an earlier process of its server, and that the new one is asked again: decided like any request of
 * the client, under an id of ours, and answered to nobody. `take` has one decided; false when it cannot be.
 */
export function createRepeated(take: (message: Message, id: NonNullable<Message['id']>) => boolean) {
  const prefix = `toolgate-repeated-${randomBytes(8).toString('hex')}-`
  const waiting = new Map<string, () => void>()
  let count = 0

  return {
    /** Resolves once it was refused, or its server has answered. */
    ask(line: Buffer): Promise<void> {
      const before = messageIn(line)
      if (!before?.id) return Promise.resolve()
      const text = JSON.stringify(`${prefix}${++count}`)
      const message = messageIn(splice(before.raw, [{ span: before.id.span, text }]))
      const id = message?.id
      if (!message || !id) return Promise.resolve()
      return new Promise((resolve) => {
        waiting.set(id.key, resolve)
        if (take(message, id)) return
        waiting.delete(id.key)
        resolve()
      })
    },

    /** True when what ends under this key was asked here: it is nobody else's business. */
    over(key: string | undefined): boolean {
      const resolve = key === undefined ? undefined : waiting.get(key)
      if (key !== undefined) waiting.delete(key)
      resolve?.()
      return resolve !== undefined
    },
  }
}
