const lineFeed = 0x0a
/** How much of a too-long line is kept of its beginning and of its end: enough to make out the id of the message. */
const headBytes = 4096
/** A part of a line that is kept as it came. */
const largePart = 8192

/** Takes chunks of a byte stream. */
export type LineSplitter = {
  /** Takes the chunk over: it may be empty afterwards. */
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

/** A line that comes in parts. Large chunks are kept as they are, small ones are put together: each would cost more than its bytes. */
function createGathering() {
  let parts: Buffer[] = []
  let size = 0
  let room = Buffer.alloc(0)
  let used = 0

  function endRoom(): void {
    if (used > 0) parts.push(room.subarray(0, used))
    room = Buffer.alloc(0)
    used = 0
  }

  return {
    size: () => size,
    /** Takes the part over, if it is a buffer of its own. */
    add(part: Buffer): void {
      size += part.length
      if (part.length >= largePart) {
        endRoom()
        parts.push(isWhole(part) ? part : Buffer.from(part))
        return
      }
      if (used + part.length > room.length) {
        endRoom()
        room = Buffer.allocUnsafeSlow(largePart)
      }
      part.copy(room, used)
      used += part.length
    },
    look: () => Buffer.concat([...parts, room.subarray(0, used)]),
    /** The line in a buffer of its own. What held its parts is freed now: by itself it would stay until memory is looked through. */
    take(): Buffer {
      endRoom()
      const line = Buffer.allocUnsafeSlow(size)
      let at = 0
      for (const part of parts) {
        at += part.copy(line, at)
        if (isWhole(part)) (part.buffer as ArrayBuffer).transfer(0)
      }
      parts = []
      size = 0
      return line
    },
  }
}

/** Whether it is all of its memory, and nobody else's. */
function isWhole({ length, buffer }: Buffer): boolean {
  return length === buffer.byteLength
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
