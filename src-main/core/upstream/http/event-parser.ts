import { createGathering } from '../../gathering.ts'

const [lf, cr, colon, space] = [0x0a, 0x0d, 0x3a, 0x20]
const [lineFeed, nothing] = [Buffer.of(lf), Buffer.alloc(0)]
/** How much of an event that is too large is kept: enough to make out the id of its message. */
const headBytes = 4096
/** Longest id of an event that is remembered; it is sent back in a header. */
const longestId = 2048

/** One event: its type, and its data lines joined by line feeds, as the bytes they came as. */
export type ServerEvent = { type: string; data: Buffer }

/** Reads a stream of events (WHATWG HTML, server-sent events) by its bytes. */
export type EventParser = {
  push: (chunk: Buffer) => void
  /** The id of the last whole event; null while none had one. */
  lastId: () => string | null
  /** Bytes kept of an event that is not complete. */
  held: () => number
  /** Milliseconds after which the server wants to be asked again; null while it has not said. */
  retryMs: () => number | null
}

/**
 * `limit`: most bytes of data in one event. An event over it is skipped as it comes, and `onTooLarge` gets its beginning.
 * What a field other than `data`, `event`, `id` and `retry` says is ignored, as the standard asks.
 */
export function createEventParser(on: {
  limit: number
  event: (event: ServerEvent) => void
  tooLarge: (head: Buffer) => void
}): EventParser {
  const line = createGathering()
  let lineSize = 0
  const data = createGathering()
  /** How many lines of data there are: the first may be empty. */
  let dataLines = 0
  let type = ''
  let pendingId: string | null = null
  let lastId: string | null = null
  let retryMs: number | null = null
  let tooLarge = false
  let skipLineFeed = false
  let started = false

  function overflow(part: Buffer): void {
    if (!tooLarge) on.tooLarge(Buffer.concat([data.take(), part]).subarray(0, headBytes))
    tooLarge = true
    dataLines = 0
  }

  /** A field name and its value together; of what is too long for the limit only the beginning is wanted. */
  function isCut(): boolean {
    return lineSize > on.limit + 'data: '.length
  }

  function gather(part: Buffer): void {
    lineSize += part.length
    if (!isCut()) line.add(part)
    else overflow(Buffer.concat([line.take(), part.subarray(0, headBytes)]).subarray('data: '.length))
  }

  function endLine(): void {
    const cut = isCut()
    const kept = line.take()
    const whole = started ? kept : withoutMark(kept)
    started = true
    lineSize = 0
    if (cut) return
    if (whole.length === 0) dispatch()
    else if (whole[0] !== colon) field(whole)
  }

  function field(whole: Buffer): void {
    const at = whole.indexOf(colon)
    const name = (at < 0 ? whole : whole.subarray(0, at)).toString('latin1')
    const value = at < 0 ? nothing : whole.subarray(whole[at + 1] === space ? at + 2 : at + 1)
    if (name === 'data') addData(value)
    else if (name === 'event') type = value.subarray(0, 64).toString('latin1')
    // It goes back in a header: what a header cannot hold is no id.
    else if (name === 'id' && value.length <= longestId && /^[\x20-\x7e\x80-\xff]*$/.test(value.toString('latin1')))
      pendingId = value.toString('latin1')
    else if (name === 'retry' && /^\d{1,9}$/.test(value.toString('latin1'))) retryMs = Number(value.toString('latin1'))
  }

  function addData(value: Buffer): void {
    if (tooLarge) return
    const between = dataLines > 0 ? lineFeed : nothing
    if (data.size() + between.length + value.length > on.limit) {
      overflow(value)
      return
    }
    data.add(between)
    data.add(value)
    dataLines++
  }

  function dispatch(): void {
    if (pendingId !== null) lastId = pendingId
    const event = dataLines > 0 && !tooLarge ? { type: type || 'message', data: data.take() } : null
    dataLines = 0
    type = ''
    tooLarge = false
    if (event) on.event(event)
  }

  return {
    lastId: () => lastId,
    retryMs: () => retryMs,
    held: () => data.size() + lineSize,
    push(chunk) {
      let start = 0
      if (skipLineFeed && chunk[0] === lf) start = 1
      skipLineFeed = chunk.length === 0 && skipLineFeed
      let [nextLf, nextCr] = [chunk.indexOf(lf, start), chunk.indexOf(cr, start)]
      for (;;) {
        const ends = nextLf < 0 ? nextCr : nextCr < 0 ? nextLf : Math.min(nextLf, nextCr)
        if (ends < 0) break
        gather(chunk.subarray(start, ends))
        endLine()
        start = ends + 1
        if (ends === nextCr) {
          if (chunk[start] === lf) start++
          else if (start === chunk.length) skipLineFeed = true
          nextCr = chunk.indexOf(cr, start)
        }
        if (nextLf >= 0 && nextLf < start) nextLf = chunk.indexOf(lf, start)
      }
      if (start < chunk.length) gather(chunk.subarray(start))
    },
  }
}

/** A byte order mark may open the stream. */
function withoutMark(line: Buffer): Buffer {
  const marked = line[0] === 0xef && line[1] === 0xbb && line[2] === 0xbf
  return marked ? line.subarray(3) : line
}
