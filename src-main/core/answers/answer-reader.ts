import { Worker } from 'node:worker_threads'
import { askThread } from '../ask-thread.ts'
import type { ResultBounds } from '../constraints/bound-result.ts'
import type { Message } from '../json/message.ts'
import type { Outcome, Question } from './look-large.ts'
import { type LookedThrough, lookQuickly, lookThrough } from './look-through.ts'

/** Bytes from which on an answer is looked through in the thread: up to there the worst takes as long as a decision may. */
const largeBytes = 256 * 1024
/** Bytes up to which a clean answer without bounds is told by one pass, at most some 20 ms: the thread would cost it as much again. */
const quickBytes = 1.25 * 1024 * 1024
/** For one answer: several times what the worst of 16 MiB takes. The thread starts within it. */
const patience = { ownMs: 6000, ms: 60_000 }
/** Answers that may wait for their turn. */
const maxWaiting = 64
/** Milliseconds without a long answer after which the thread is ended. */
const idleMs = 5000

/** Beside this file, as source and as built. */
const program = new URL(import.meta.url.endsWith('.ts') ? './look-large.ts' : './look-large.js', import.meta.url)

/** Looks through answers: short ones at once, long ones one after the other beside the event loop. */
export type AnswerReader = {
  /** Rejects for what cannot be looked through, or not in time: such an answer is to be withheld. */
  read: (answer: Message, bounds: ResultBounds) => Promise<LookedThrough>
  /** Whether a thread runs, and holds its memory, right now. */
  running: () => boolean
  close: () => void
}

/** Makes what looks through answers. The thread starts with the first long one, ends when it is not needed, and keeps nobody alive. */
export function createAnswerReader(): AnswerReader {
  let worker: Worker | null = null
  let idle: NodeJS.Timeout | undefined
  let waiting = 0
  let turn: Promise<unknown> = Promise.resolve()
  let closed = false

  function stop(): void {
    const ending = worker
    worker = null
    ending?.removeAllListeners('message')
    void ending?.terminate()
  }

  function running(): Worker {
    if (worker) return worker
    const resourceLimits = { maxYoungGenerationSizeMb: 32, maxOldGenerationSizeMb: 768, stackSizeMb: 4 }
    const started = new Worker(program, { name: 'answers', execArgv: [], env: {}, resourceLimits })
    started.unref()
    started.once('exit', () => {
      if (worker === started) stop()
    })
    // One that breaks between two answers has nobody else who listens; the next answer starts another.
    started.on('error', () => {})
    worker = started
    return started
  }

  async function inTurn(answer: Message, { constraints, rules, sqlRows }: ResultBounds): Promise<LookedThrough> {
    clearTimeout(idle)
    if (closed) throw new Error('what looks through answers is closed')
    const bytes = new Uint8Array(answer.raw)
    // A rule holds conditions, which no thread could be given.
    const setters = rules.map(({ id, constraints }) => ({ id, constraints }))
    const question: Question = { bytes, bounds: { constraints, rules: setters, sqlRows } }
    try {
      const { bytes, ...rest } = await askThread<Outcome>(running(), question, patience, [question.bytes.buffer])
      return { ...rest, line: bytes ? Buffer.from(bytes.buffer) : answer.raw }
    } catch (error) {
      stop()
      throw error
    } finally {
      idle = setTimeout(stop, idleMs)
      idle.unref()
    }
  }

  return {
    async read(answer, bounds) {
      if (answer.raw.length < largeBytes) return lookThrough(answer, bounds)
      const quick = answer.raw.length <= quickBytes ? lookQuickly(answer, bounds) : null
      if (quick) return quick
      if (waiting >= maxWaiting) throw new Error(`more than ${maxWaiting} long answers wait to be looked through`)
      waiting += 1
      const read = turn
        .catch(() => {})
        .then(() => inTurn(answer, bounds))
        .finally(() => {
          waiting -= 1
        })
      turn = read
      return read
    },
    running: () => worker !== null,
    close() {
      closed = true
      clearTimeout(idle)
      stop()
    },
  }
}
