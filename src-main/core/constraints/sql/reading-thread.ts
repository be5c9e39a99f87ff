import type { Worker } from 'node:worker_threads'
import { askThread, TookTooLong } from '../../ask-thread.ts'
import { createTurnThread, ManyWait } from '../../turn-thread.ts'
import type { Dialect } from './dialects.ts'
import type { Question } from './read-sql.ts'
import type { SqlBounds, SqlVerdict } from './verdict.ts'

/** For reading one text. */
const patience = { ownMs: 50, ms: 1000 }
/** For starting the thread and loading a parser. */
const loading = { ownMs: 10_000, ms: 10_000 }
/** Texts that may wait for their turn. */
const maxWaiting = 64

/** Beside this file, as source and as built. */
const program = new URL(import.meta.url.endsWith('.ts') ? './read-sql.ts' : './read-sql.js', import.meta.url)

/** Reads SQL beside the event loop, one text at a time. */
export type ReadingThread = {
  /** Never rejects: a text that could not be read in time is refused. */
  read: (text: string, dialect: Dialect, bounds: SqlBounds) => Promise<SqlVerdict>
  /** Whether a thread runs, and holds its memory, right now. */
  running: () => boolean
  close: () => void
}

const refused = (why: string): SqlVerdict => ({ ok: false, bound: null, why })

/** Makes what reads SQL. */
export function readingThread(): ReadingThread {
  const { inTurn, running, close } = createTurnThread({
    ...{ program, name: 'sql', maxWaiting, idleMs: 10_000 },
    resourceLimits: { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 96, stackSizeMb: 4 },
  })
  /** The dialects whose parsers a thread has loaded. */
  const loaded = new WeakMap<Worker, Set<Dialect>>()

  async function beReady(thread: Worker, dialect: Dialect): Promise<void> {
    const ready = loaded.get(thread) ?? new Set()
    loaded.set(thread, ready)
    if (ready.has(dialect)) return
    await askThread(thread, { text: null, dialect, bounds: {} } satisfies Question, loading)
    ready.add(dialect)
  }

  return {
    async read(text, dialect, bounds) {
      try {
        return await inTurn(async (thread) => {
          await beReady(thread, dialect)
          return askThread<SqlVerdict>(thread, { text, dialect, bounds } satisfies Question, patience)
        })
      } catch (error) {
        if (error instanceof ManyWait)
          return refused(`more than ${maxWaiting} SQL texts wait to be read; try again later`)
        if (error instanceof TookTooLong) return refused('the SQL takes too long to read; write it more plainly')
        return refused('what reads SQL has failed; try again, or restart Toolgate')
      }
    },
    running,
    close,
  }
}
