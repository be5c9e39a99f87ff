import type { Writable } from 'node:stream'

const lineEnd = Buffer.from('\n')
/** A line up to this length (bytes) is copied to stand before its line feed: that costs less than a second write. */
const copied = 4096

/**
 * Writes lines to a stream (MCP over stdio: one message per line), without copying long ones. All lines of one turn of the event
 * loop leave in one write, since each write costs the system, and the reader it wakes, more than a line does. The answer is
 * false when the stream has taken more than it passes on: wait for its `drain`. Lines for a stream that has ended are dropped.
 */
export function lineWriter(stream: Writable): (line: Buffer) => boolean {
  let corked = false
  const release = () => {
    corked = false
    stream.uncork()
  }
  return (line) => {
    if (!stream.writable) return true
    if (!corked) {
      corked = true
      stream.cork()
      process.nextTick(release)
    }
    if (line.length <= copied) return stream.write(ended(line))
    stream.write(line)
    return stream.write(lineEnd)
  }
}

function ended(line: Buffer): Buffer {
  const whole = Buffer.allocUnsafe(line.length + 1)
  line.copy(whole)
  whole[line.length] = 0x0a
  return whole
}
