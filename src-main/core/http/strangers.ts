import type { IncomingMessage, ServerResponse } from 'node:http'

/** Requests of callers without a good token that may be open at once by the public origin. */
const most = 100

/**
 * Keeps those who came by the public origin and have no good token from holding the connections that clients need: of too many the one that
 * has been there longest is cut off, so that whoever asks and leaves gets through.
 */
export function createStrangers(): { hold: (req: IncomingMessage, res: ServerResponse) => void } {
  const held = new Set<IncomingMessage>()
  return {
    hold(req, res) {
      for (const oldest of held) {
        if (held.size < most) break
        held.delete(oldest)
        oldest.socket.destroy()
      }
      held.add(req)
      // What is left of a body may still come after the answer, and an answer after the body.
      const leave = () => {
        if (res.closed && (req.complete || req.destroyed)) held.delete(req)
      }
      req.once('close', leave)
      res.once('close', leave)
    },
  }
}
