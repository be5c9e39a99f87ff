import { SHARE_ENV } from 'node:worker_threads'
import { ToolgateError } from '../../../shared/errors.ts'
import { askThread, TookTooLong } from '../ask-thread.ts'
import { effortAfter } from '../envelope/effort.ts'
import type { Message } from '../json/message.ts'
import { createTurnThread, ManyWait } from '../turn-thread.ts'
import { type Look, type LookedInto, lookInto } from './look-into.ts'
import type { Question, ThreadData } from './look-into-large.ts'

/** Bytes from which on a request is looked into in the thread: up to there the worst takes half as long as a decision may. */
const largeBytes = 256 * 1024
/** For one request: many times what the worst takes. The thread starts within it. */
const patience = { ownMs: 4000, ms: 60_000 }
const maxWaiting = 64
/** Of one client, so that it keeps nobody else from having theirs looked into. */
const maxOfOne = 32

/** Beside this file, as source and as built. */
const program = new URL(
  import.meta.url.endsWith('.ts') ? './look-into-large.ts' : './look-into-large.js',
  import.meta.url,
)

/** Looks into requests: short ones at once, long ones one after the other beside the event loop. */
export type RequestReader = {
  /** Whether others are served while a request is looked into, so that what was known of its server may have changed then. */
  takesTurns: (message: Message) => boolean
  /**
   * Of a long one only those suspects come back that decide. Rejects for what cannot be looked into: with MESSAGE_TOO_LARGE for what takes
   * too long, with LIMIT_REACHED when too many wait.
   */
  look: (look: Look) => Promise<LookedInto>
  /** Whether a thread runs, and holds its memory, right now. */
  running: () => boolean
  close: () => void
}

/** Makes what looks into requests; `places` are those that no governed program may reach. */
export function createRequestReader(places: readonly string[]): RequestReader {
  const { inTurn, running, close } = createTurnThread({
    ...{ program, name: 'requests', maxWaiting, idleMs: 5000 },
    // Paths may be written with variables of this user.
    ...{ env: SHARE_ENV, workerData: { places } satisfies ThreadData },
    resourceLimits: { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 512, stackSizeMb: 4 },
  })

  const waitingOf = new Map<string, number>()

  async function beside({ texts, client, asked, reviewed, bases }: Look): Promise<LookedInto> {
    const { from, kind, toolName, message } = asked
    const waiting = waitingOf.get(client) ?? 0
    if (waiting >= maxOfOne)
      throw new ToolgateError('LIMIT_REACHED', `${maxOfOne} long requests of this client wait already`)
    waitingOf.set(client, waiting + 1)
    try {
      return await inTurn((thread) => {
        const bytes = new Uint8Array(message.raw)
        const question: Question = { bytes, from, kind, toolName, texts, reviewed, bases }
        return askThread<LookedInto>(thread, question, patience, [bytes.buffer])
      })
    } catch (error) {
      if (error instanceof TookTooLong) throw new ToolgateError('MESSAGE_TOO_LARGE', 'it takes too long to look into')
      if (error instanceof ManyWait)
        throw new ToolgateError('LIMIT_REACHED', `${maxWaiting} long requests wait already`)
      throw error
    } finally {
      const left = (waitingOf.get(client) ?? 1) - 1
      if (left === 0) waitingOf.delete(client)
      else waitingOf.set(client, left)
    }
  }

  const here = (look: Look) => lookInto(look, effortAfter(look.asked.message))
  const takesTurns = ({ raw }: Message) => raw.length >= largeBytes
  return {
    takesTurns,
    look: async (look) => (takesTurns(look.asked.message) ? beside(look) : here(look)),
    running,
    close,
  }
}
