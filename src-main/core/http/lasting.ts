import type { Exchange } from './exchange.ts'

/**
 * Answers that are open, each with the right by which it was asked for. A token is looked at when a request comes; what stays open after that,
 * such as a stream of events, ends with `endOthers` once nothing of the yes behind its token is good any more.
 */
export function createLasting(): { hold: (exchange: Exchange) => void; endOthers: () => void } {
  const held = new Set<Exchange>()
  return {
    hold(exchange) {
      held.add(exchange)
      exchange.res.once('close', () => held.delete(exchange))
    },
    endOthers() {
      for (const { res, lasts } of held) {
        if (lasts()) continue
        // A stream ends as one does; of what has not begun nothing comes, and nobody stays by not reading that it ended.
        if (res.headersSent && !res.writableEnded) res.end()
        else res.destroy()
      }
    },
  }
}
