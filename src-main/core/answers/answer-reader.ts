import { askThread } from '../ask-thread.ts'
import type { ResultBounds } from '../constraints/bound-result.ts'
import type { Message } from '../json/message.ts'
import { createTurnThread } from '../turn-thread.ts'
import { type LookedThrough, lookQuickly, lookThrough } from './look-through.ts'
import type { Outcome, Question } from './look-through-large.ts'

/** Bytes from which on an answer is looked through in the thread: up to there the worst takes as long as a decision may. */
const largeBytes = 256 * 1024
/** Bytes up to which a clean answer without bounds is told by one pass, at most some 20 ms: the thread would cost it as much again. */
const quickBytes = 1.25 * 1024 * 1024
/** For one answer: several times what the worst of 16 MiB takes. The thread starts within it. */
const patience = { ownMs: 6000, ms: 60_000 }

/** Beside this file, as source and as built. */
const program = new URL(
  import.meta.url.endsWith('.ts') ? './look-through-large.ts' : './look-through-large.js',
  import.meta.url,
)

/** Looks through answers: short ones at once, long ones one after the other beside the event loop. */
export type AnswerReader = {
  /** Rejects for what cannot be looked through, or not in time: such an answer is to be withheld. */
  read: (answer: Message, bounds: ResultBounds) => Promise<LookedThrough>
  /** Whether a thread runs, and holds its memory, right now. */
  running: () => boolean
  close: () => void
}

/** Makes what looks through answers. */
export function createAnswerReader(): AnswerReader {
  const { inTurn, running, close } = createTurnThread({
    ...{ program, name: 'answers', maxWaiting: 64, idleMs: 5000 },
    resourceLimits: { maxYoungGenerationSizeMb: 32, maxOldGenerationSizeMb: 768, stackSizeMb: 4 },
  })
  return {
    async read(answer, bounds) {
      if (answer.raw.length < largeBytes) return lookThrough(answer, bounds)
      const quick = answer.raw.length <= quickBytes ? lookQuickly(answer, bounds) : null
      if (quick) return quick
      const { constraints, rules, sqlRows } = bounds
      // A rule holds conditions, which no thread could be given.
      const setters = rules.map(({ id, constraints }) => ({ id, constraints }))
      return inTurn(async (thread) => {
        const question: Question = {
          bytes: new Uint8Array(answer.raw),
          bounds: { constraints, rules: setters, sqlRows },
        }
        const { bytes, ...rest } = await askThread<Outcome>(thread, question, patience, [question.bytes.buffer])
        return { ...rest, line: bytes ? Buffer.from(bytes.buffer) : answer.raw }
      })
    },
    running,
    close,
  }
}
