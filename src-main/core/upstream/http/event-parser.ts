const [lf, cr, colon, space] = [0x0a, 0x0d, 0x3a, 0x20]
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
  let line: Buffer[] = []
  let lineSize = 0
  let data: Buffer[] = []
  let size = 0
  let type = ''
  let pendingId: string | null = null
  let lastId: string | null = null
  let retryMs: number | null = null
  let tooLarge = false
  let skipLineFeed = false
  let started = false

  function overflow(part: Buffer): void {
    if (!tooLarge) on.tooLarge(Buffer.concat([...data, part]).subarray(0, headBytes))
    tooLarge = true
    data = []
  }

  function gather(part: Buffer): void {
    lineSize += part.length
    // A field name and its value together; of what is too long for the limit only the beginning is wanted.
    if (lineSize <= on.limit + 'data: '.length) line.push(part)
    else {
      overflow(Buffer.concat([...line, part.subarray(0, headBytes)]).subarray('data: '.length))
      line = []
    }
  }

  function endLine(): void {
    const kept = line.length === 1 ? (line[0] as Buffer) : Buffer.concat(line)
    const cut = lineSize > kept.length
    const whole = started ? kept : withoutMark(kept)
    started = true
    line = []
    lineSize = 0
    if (cut) return
    if (whole.length === 0) dispatch()
    else if (whole[0] !== colon) field(whole)
  }

  function field(whole: Buffer): void {
    const at = whole.indexOf(colon)
    const name = (at < 0 ? whole : whole.subarray(0, at)).toString('latin1')
    const value = at < 0 ? Buffer.alloc(0) : whole.subarray(whole[at + 1] === space ? at + 2 : at + 1)
    if (name === 'data') addData(value)
    else if (name === 'event') type = value.subarray(0, 64).toString('latin1')
    // It goes back in a header: what a header cannot hold is no id.
    else if (name === 'id' && value.length <= longestId && /^[\x20-\x7e\x80-\xff]*$/.test(value.toString('latin1')))
      pendingId = value.toString('latin1')
    else if (name === 'retry' && /^\d{1,9}$/.test(value.toString('latin1'))) retryMs = Number(value.toString('latin1'))
  }

  function addData(value: Buffer): void {
    if (tooLarge) return
    if (size + value.length > on.limit) {
      overflow(value)
      return
    }
    data.push(value)
    size += value.length + 1
  }

  function dispatch(): void {
    if (pendingId !== null) lastId = pendingId
    const event = data.length > 0 && !tooLarge ? { type: type || 'message', data: joined(data) } : null
    data = []
    size = 0
    type = ''
    tooLarge = false
    if (event) on.event(event)
  }

  return {
    lastId: () => lastId,
    retryMs: () => retryMs,
    held: () => size + lineSize,
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

function joined(lines: Buffer[]): Buffer {
  if (lines.length === 1) return lines[0] as Buffer
  return Buffer.concat(lines.flatMap((line, index) => (index === 0 ? [line] : [Buffer.of(lf), line])))
}
