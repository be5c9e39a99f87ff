import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { createGathering } from '../../gathering.ts'
import { HttpFailure } from './await-answer.ts'
import { createEventParser, type ServerEvent } from './event-parser.ts'

/** A body that is not a stream of events comes without such pauses. */
const silenceMs = 60_000
const headBytes = 4096

/** How many of the largest messages a server may have in incomplete answers at once. */
const largestAtOnce = 4

/**
 * Lets all bodies of one server be paused together, so that it waits while its client reads slowly, and bounds what incomplete
 * ones hold. `limit`: longest message in bytes.
 */
export function createValve(limit: number) {
  const open = new Set<IncomingMessage>()
  let paused = false
  let held = 0
  return {
    /** Counts bytes that an incomplete answer holds, or no longer holds; false when that is too much. */
    hold(bytes: number): boolean {
      held += bytes
      return held <= largestAtOnce * limit
    },
    /** To be called once somebody listens to the data. */
    add(res: IncomingMessage): void {
      open.add(res)
      res.once('close', () => open.delete(res))
      if (paused) res.pause()
    },
    paused: () => paused,
    pause(): void {
      paused = true
      for (const res of open) res.pause()
    },
    resume(): void {
      paused = false
      for (const res of open) res.resume()
    },
  }
}
export type Valve = ReturnType<typeof createValve>

/** The media type of an answer, without parameters. */
export function typeOf({ headers }: IncomingMessage): string {
  return (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
}

/** A whole body, or the beginning of one that is larger than `limit` bytes. Rejects with HttpFailure when it breaks off. */
export async function readBody(
  res: IncomingMessage,
  limit: number,
  valve: Valve,
): Promise<{ body: Buffer } | { tooLarge: Buffer }> {
  const gathered = createGathering()
  let crowded = false
  let heard = performance.now()
  res.on('data', (part: Buffer) => {
    heard = performance.now()
    gathered.add(part)
    crowded ||= !valve.hold(part.length)
    if (gathered.size() > limit || crowded) res.destroy()
  })
  valve.add(res)
  const watch = setInterval(() => {
    if (valve.paused()) heard = performance.now()
    else if (performance.now() - heard > silenceMs) res.destroy()
  }, 1000).unref()
  await closed(res)
  clearInterval(watch)
  const size = gathered.size()
  valve.hold(-size)
  if (crowded) throw new HttpFailure('too many large answers come at once')
  if (size > limit) return { tooLarge: Buffer.from(gathered.take().subarray(0, headBytes)) }
  if (!res.complete) throw new HttpFailure('its answer broke off')
  return { body: gathered.take() }
}

/** What a stream of events left behind when it ended: where to go on, and when; `tooLarge`: an event of it was left out. */
export type StreamEnd = { lastId: string | null; retryMs: number | null; events: number; tooLarge: boolean }

/** Reads events until their stream ends, however it does; never rejects. */
export async function readEvents(
  res: IncomingMessage,
  valve: Valve,
  on: { limit: number; event: (event: ServerEvent) => void; tooLarge: (head: Buffer) => void },
): Promise<StreamEnd> {
  let events = 0
  let large = false
  const tooLarge = (head: Buffer) => {
    large = true
    on.tooLarge(head)
  }
  const event = (next: ServerEvent) => {
    events++
    on.event(next)
  }
  const parser = createEventParser({ limit: on.limit, event, tooLarge })
  let held = 0
  res.on('data', (chunk: Buffer) => {
    parser.push(chunk)
    const more = parser.held() - held
    held += more
    if (!valve.hold(more)) res.destroy()
  })
  valve.add(res)
  await closed(res)
  valve.hold(-held)
  return { lastId: parser.lastId(), retryMs: parser.retryMs(), events, tooLarge: large }
}

async function closed(res: IncomingMessage): Promise<void> {
  if (!res.closed) await once(res, 'close').catch(() => {})
}

/**
 * A server's bytes as one line: line ends between values become spaces, nothing else is changed. Null when they are no JSON,
 * for within a string a line end must not become something else.
 */
export function asLine(bytes: Buffer): Buffer | null {
  if (!bytes.includes(0x0a) && !bytes.includes(0x0d)) return bytes
  try {
    JSON.parse(bytes.toString('utf8'))
  } catch {
    return null
  }
  return Buffer.from(bytes.map((byte) => (byte === 0x0a || byte === 0x0d ? 0x20 : byte)))
}
