const lineFeed = 0x0a
/** How much of a too-long line is kept of its beginning and of its end: enough to make out the id of the message. */
const headBytes = 4096

/** Takes chunks of a byte stream. */
export type LineSplitter = {
  push: (chunk: Buffer) => void
  /** Bytes of the line that has begun and not ended; at the end of a stream: what was cut off. */
  rest: () => Buffer
}

/** What becomes of the lines. */
export type LineSplitterOptions = {
  /** Longest line in bytes, without its line feed. */
  limit: number
  /** One line as it came, without its line feed; a view, so copy what must outlive the source's buffer reuse. */
  onLine: (line: Buffer) => void
  /** Called once per line over the limit, as soon as that is known; the rest of that line is skipped. */
  onTooLong: (bytesSeen: number, head: Buffer) => void
  /** The rest of such a line is over; `tail` is how it ended. */
  onSkipped?: (tail: Buffer) => void
}

/**
 * Cuts a byte stream into lines (MCP over stdio: one message per line). A line within one chunk is a view of it; a line
 * over several is gathered in a buffer that doubles, so that neither one huge line nor many tiny chunks cost more than
 * linear time, or more than twice the line's memory.
 */
export function createLineSplitter({ limit, onLine, onTooLong, onSkipped }: LineSplitterOptions): LineSplitter {
  let gathered = Buffer.alloc(0)
  let size = 0
  let skipping = false
  let tail = Buffer.alloc(0)

  function gather(part: Buffer): void {
    const needed = size + part.length
    if (needed > gathered.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(Math.min(needed * 2, limit), needed, headBytes))
      gathered.copy(larger, 0, 0, size)
      gathered = larger
    }
    part.copy(gathered, size)
    size = needed
  }

  function take(): Buffer {
    const whole = gathered.subarray(0, size)
    // The line keeps this buffer; the next one gets its own.
    gathered = Buffer.alloc(0)
    size = 0
    return whole
  }

  /** Takes a part of a line in; says whether the line is within the limit. */
  function within(part: Buffer): boolean {
    if (size + part.length <= limit) return true
    const seen = size + part.length
    gather(part.subarray(0, Math.max(0, headBytes - size)))
    onTooLong(seen, Buffer.from(take().subarray(0, headBytes)))
    return false
  }

  /** Keeps the end of what is skipped, as a copy: the chunk must not stay. */
  function skip(part: Buffer): void {
    skipping = true
    tail = Buffer.concat([tail, part.subarray(-headBytes)])
    if (tail.length > headBytes) tail = Buffer.from(tail.subarray(-headBytes))
  }

  function endSkipped(): void {
    skipping = false
    onSkipped?.(tail)
    tail = Buffer.alloc(0)
  }

  function endLine(part: Buffer): void {
    if (skipping || !within(part)) {
      skip(part)
      endSkipped()
    } else {
      if (size > 0) gather(part)
      onLine(size > 0 ? take() : part)
    }
  }

  return {
    push(chunk) {
      let start = 0
      for (;;) {
        const end = chunk.indexOf(lineFeed, start)
        if (end < 0) break
        endLine(chunk.subarray(start, end))
        start = end + 1
      }
      if (start === chunk.length) return
      const part = chunk.subarray(start)
      if (skipping || !within(part)) skip(part)
      else gather(part)
    },
    rest: () => gathered.subarray(0, size),
  }
}
