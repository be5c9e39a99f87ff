import type { Writable } from 'node:stream'

const lineEnd = Buffer.from('\n')

/**
 * Writes lines to a stream (MCP over stdio: one message per line), without copying them. All lines of one turn of the event
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
    stream.write(line)
    return stream.write(lineEnd)
  }
}
