import { createLineSplitter } from '../gateway/lines.ts'

const longestLine = 2000
const linesPerSecond = 50

/** Terminal escapes and other control characters, which must not reach a log that people read in a terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it is for
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g

/**
 * Takes what a server writes to its standard error, and gives it as clean lines of at most 2,000 bytes and 50 a second,
 * so that a server cannot flood the log; what was left out is told in a line of its own.
 */
export function createStderrLines(onLine: (line: string) => void): { push: (chunk: Buffer) => void; end: () => void } {
  let windowEnds = 0
  let inWindow = 0
  let dropped = 0

  function report(): void {
    if (dropped > 0) onLine(`(${dropped} more lines left out)`)
    dropped = 0
  }
  function give(line: string): void {
    const now = performance.now()
    if (now >= windowEnds) {
      windowEnds = now + 1000
      inWindow = 0
      report()
    }
    if (++inWindow > linesPerSecond) dropped++
    else onLine(line)
  }
  const clean = (bytes: Buffer): string => bytes.toString('utf8').replace(control, '\ufffd')

  const { push, rest } = createLineSplitter({
    limit: longestLine,
    onLine: (line) => give(clean(line.at(-1) === 0x0d ? line.subarray(0, -1) : line)),
    onTooLong: (_seen, head) => give(`${clean(head.subarray(0, longestLine))}…`),
  })
  return {
    push,
    end() {
      if (rest().length > 0) give(clean(rest()))
      report()
    },
  }
}
