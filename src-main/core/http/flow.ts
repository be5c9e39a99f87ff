import type { ServerResponse } from 'node:http'
import type { Session } from '../gateway/session.ts'
import type { Clock } from '../ports.ts'
import { beginJson, eventParts } from './refusals.ts'

/** How long a client may leave what was written to it unread before its connection is cut. */
const stallMs = 30_000

/** A body of so many bytes is not worth holding a server back for. */
const shortBytes = 16 * 1024

/** Writes to a response and holds its server back while the client reads slowly, instead of filling our memory. */
export type Flow = {
  write: (res: ServerResponse, bytes: Buffer | string) => void
  /** Writes a message as an event, without copying a long one. */
  event: (res: ServerResponse, line: Buffer, id?: string) => void
  /** Answers with one line of JSON, and that is all of the response. */
  json: (res: ServerResponse, status: number, line: Buffer, headers?: Record<string, string>) => void
}

/** One flow per session: its server waits while any of the session's responses is behind. */
export function createFlow(session: () => Session, clock: Clock): Flow {
  const slow = new Set<ServerResponse>()

  function write(res: ServerResponse, bytes: Buffer | string): void {
    if (res.destroyed || res.writableEnded || res.write(bytes) || slow.has(res)) return
    slow.add(res)
    session().pauseServer()
    const stopTimer = clock.after(stallMs, () => res.destroy())
    const free = () => {
      if (!slow.delete(res)) return
      stopTimer()
      if (slow.size === 0) session().resumeServer()
    }
    res.once('drain', free)
    res.once('close', free)
  }

  return {
    write,
    event(res, line, id) {
      const parts = eventParts(line, id)
      if (line.length <= shortBytes) {
        write(res, Buffer.concat(parts))
        return
      }
      res.cork()
      for (const part of parts) write(res, part)
      res.uncork()
    },
    json(res, status, line, headers) {
      if (!beginJson(res, status, line.length, headers)) return
      // Status, headers and a short body leave as one write.
      if (line.length <= shortBytes) {
        res.end(line)
        return
      }
      write(res, line)
      res.end()
    },
  }
}
