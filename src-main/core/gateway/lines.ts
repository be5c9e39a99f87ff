import { createGathering } from '../gathering.ts'

const lineFeed = 0x0a
/** How much of a too-long line is kept of its beginning and of its end: enough to make out the id of the message. */
const headBytes = 4096

/** Takes chunks of a byte stream. */
export type LineSplitter = {
  /** The chunk may be kept: whoever gives it must not change it. */
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
 * Cuts a byte stream into lines (MCP over stdio: one message per line). A line within one chunk is a view of it; the parts of a line
 * over several are kept, and put together once it ends, so that neither one huge line nor many tiny chunks cost more than
 * linear time, or much more than twice the line's memory.
 */
export function createLineSplitter({ limit, onLine, onTooLong, onSkipped }: LineSplitterOptions): LineSplitter {
  const gathered = createGathering()
  let skipping = false
  let tail = Buffer.alloc(0)

  /** Takes a part of a line in; says whether the line is within the limit. */
  function within(part: Buffer): boolean {
    const seen = gathered.size() + part.length
    if (seen <= limit) return true
    gathered.add(part.subarray(0, Math.max(0, headBytes - gathered.size())))
    onTooLong(seen, Buffer.from(gathered.take().subarray(0, headBytes)))
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
      if (gathered.size() === 0) onLine(part)
      else {
        gathered.add(part)
        onLine(gathered.take())
      }
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
      else gathered.add(part)
    },
    rest: gathered.look,
  }
}
