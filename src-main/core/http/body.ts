import type { IncomingMessage, ServerResponse } from 'node:http'
import { ToolgateError } from '../../../shared/errors.ts'
import { createGathering } from '../gathering.ts'

/** What came of reading a body; `tooLarge` carries how it began, `busy`: its client sends too much at once. */
export type Body = { bytes: Buffer } | { tooLarge: Buffer } | { cut: true } | { busy: true }

/** How much of a body that is too large is kept, to make out the id of its message. */
const headBytes = 4_096

/** Bodies that are not complete take up memory; one client may have this many times the largest message in them. */
const bodiesAtOnce = 2

/** Reads bodies of at most `limit` bytes. One that says or turns out to be larger is not read to its end. */
export function createBodies(limit: number) {
  /** Bytes in incomplete bodies, per client that is sending one. */
  const held = new Map<string, number>()

  function hold(client: string, bytes: number): number {
    const total = (held.get(client) ?? 0) + bytes
    if (total > 0) held.set(client, total)
    else held.delete(client)
    return total
  }

  return {
    async read(client: string, req: IncomingMessage, res: ServerResponse): Promise<Body> {
      if (Number(req.headers['content-length'] ?? 0) > limit) return { tooLarge: Buffer.alloc(0) }
      // Only now is the client told to send what it announced.
      if (req.headers.expect?.toLowerCase() === '100-continue') res.writeContinue()
      const { promise, resolve } = Promise.withResolvers<Body>()
      const gathered = createGathering()
      let size = 0
      function take(part: Buffer): void {
        gathered.add(part)
        size += part.length
        if (hold(client, part.length) > bodiesAtOnce * limit) refuse({ busy: true })
        else if (size > limit) refuse({ tooLarge: Buffer.from(gathered.take().subarray(0, headBytes)) })
      }
      /** Only the first call counts. */
      function stop(body: Body): void {
        req.off('data', take).off('end', whole).off('close', cut)
        hold(client, -size)
        size = 0
        resolve(body)
      }
      function refuse(body: Body): void {
        req.pause()
        stop(body)
      }
      const whole = () => stop(req.complete ? { bytes: gathered.take() } : { cut: true })
      const cut = () => stop({ cut: true })
      req.on('data', take).on('end', whole).on('close', cut).on('error', cut)
      return promise
    },
  }
}

/**
 * A body as one line, by the same rules as on the socket; throws ToolgateError MALFORMED_MESSAGE when it is no JSON. Line ends
 * between values become spaces, because to a server over stdio a message is one line; nothing else is changed.
 */
export function lineOf(body: Buffer): Buffer {
  if (!body.includes(0x0a) && !body.includes(0x0d)) return body
  try {
    // Outside of values only: a line end within a string is no JSON.
    JSON.parse(body.toString('utf8'))
  } catch {
    throw new ToolgateError('MALFORMED_MESSAGE', 'it is not valid JSON')
  }
  return Buffer.from(body.map((byte) => (byte === 0x0a || byte === 0x0d ? 0x20 : byte)))
}
