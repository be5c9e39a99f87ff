import type { LiveLimits } from '../limits.ts'

/**
 * Messages of one session over HTTP that came while its server takes nothing more, until it does. They are bounded as those are that wait
 * for a server to start: connections alone are many, and each may have brought a message of the greatest length.
 */
export function createHeldUp(limits: LiveLimits) {
  let ready = Promise.resolve()
  let [reasons, messages, bytes] = [0, 0, 0]

  return {
    /** The server takes nothing more until then. */
    until(drained: Promise<void>): void {
      reasons++
      ready = ready.then(() => drained).finally(() => reasons--)
    },

    /** Which limit keeps a message of this length from waiting, in words; null when it may wait, or needs not. */
    full(length: number): string | null {
      if (reasons === 0) return null
      const most = limits.of('queued_messages')
      if (messages >= most) return `\`queued_messages\` is ${most}`
      const mostBytes = limits.of('max_message_bytes')
      return bytes + length > mostBytes ? `\`max_message_bytes\` is ${mostBytes}, of all that wait` : null
    },

    /** Resolves once a message of this length may go on. */
    async wait(length: number): Promise<void> {
      messages++
      bytes += length
      try {
        await ready
      } finally {
        messages--
        bytes -= length
      }
    },
  }
}
