import { hasMethod } from './line-kind.ts'

/** So many answers a server may leave unread. It has 64 questions open at most: all others are to what it asked beyond that. */
const mostAnswers = 4_096

/** How many of the largest messages they may hold: a client may have given several long ones. */
const largestMessages = 4

/**
 * Counts the answers that one process does not read, from the time on when it takes no more. Its client is held back then, but not the
 * process itself, which could ask without end and have us keep every answer. Holding back its output instead could stop for ever: many a
 * server writes while it reads a long request, and reads on only once that is written. So it asks what it likes, and ends when
 * there are too many. Gives why, once.
 */
export function createUnreadAnswers(largestMessage: () => number) {
  let [answers, bytes, told] = [0, 0, false]

  return {
    /** A line was written that waits; `drained`: until then. */
    add(line: Buffer, drained: () => Promise<void>): string | null {
      if (hasMethod(line)) return null
      if (answers === 0) void drained().then(read)
      answers++
      bytes += line.length
      const tooMany = answers > mostAnswers || bytes > largestMessages * largestMessage()
      if (!tooMany || told) return null
      told = true
      return `it asks and does not read: ${answers} answers to it wait`
    },
  }

  function read(): void {
    answers = 0
    bytes = 0
  }
}
