import type { RunningServer } from '../registry/inspect.ts'

/** Messages that wait for a process to write them to. */
export function createQueue() {
  const lines: Buffer[] = []
  let bytes = 0
  let empty = Promise.withResolvers<void>()

  function take(): Buffer[] {
    bytes = 0
    empty.resolve()
    empty = Promise.withResolvers()
    return lines.splice(0)
  }

  return {
    length: () => lines.length,
    bytes: () => bytes,
    drained: () => empty.promise,
    /** Gives how many bytes wait now. */
    add(line: Buffer): number {
      lines.push(line)
      bytes += line.length
      return bytes
    },
    flush(server: RunningServer): void {
      for (const line of take()) server.write(line)
    },
    drop: () => void take(),
  }
}
