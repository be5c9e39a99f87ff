// Looks through long answers in a thread of its own, so that everybody else's calls go on meanwhile.
import { parentPort } from 'node:worker_threads'
import type { ResultBounds } from '../constraints/bound-result.ts'
import { parseMessage } from '../json/message.ts'
import { type LookedThrough, lookThrough } from './look-through.ts'

/** What the thread is asked: the bytes of an answer, and its bounds, with no more of their rules than which bounds they set. */
export type Question = { bytes: Uint8Array<ArrayBuffer>; bounds: ResultBounds }

/** What it answers; without `bytes` the answer keeps its own. */
export type Outcome = Omit<LookedThrough, 'line'> & { bytes: Uint8Array<ArrayBuffer> | null }

parentPort?.on('message', ({ bytes, bounds }: Question) => {
  const answer = parseMessage(Buffer.from(bytes.buffer))
  const { line, ...rest } = lookThrough(answer, bounds)
  const changed = line.equals(answer.raw) ? null : new Uint8Array(line)
  parentPort?.postMessage({ ...rest, bytes: changed } satisfies Outcome, changed ? [changed.buffer] : [])
})
