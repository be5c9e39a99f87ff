// Looks into long requests in a thread of its own, so that everybody else's calls go on meanwhile.
import { parentPort, workerData } from 'node:worker_threads'
import { effortBeside } from '../envelope/effort.ts'
import { protectedPaths } from '../envelope/protected.ts'
import { parseMessage } from '../json/message.ts'
import { type Asked, type Look, type LookedInto, lookInto } from './look-into.ts'
import { calledTool, subjectOf } from './subject.ts'

/** What the thread is given at its start: the places that no governed program may reach. */
export type ThreadData = { places: readonly string[] }

/** What the thread is asked: the bytes of a request, and what is known of it besides. */
export type Question = Omit<Look, 'asked' | 'client'> &
  Pick<Asked, 'from' | 'kind' | 'toolName'> & { bytes: Uint8Array<ArrayBuffer> }

const { decisive } = protectedPaths((workerData as ThreadData).places)

parentPort?.on('message', ({ bytes, from, kind, toolName, ...look }: Question) => {
  const message = parseMessage(Buffer.from(bytes.buffer))
  const { args } = kind === 'tool' ? calledTool(message) : subjectOf(message, toolName)
  const found = lookInto({ ...look, asked: { from, kind, toolName, args, message } }, effortBeside())
  parentPort?.postMessage({ ...found, paths: decisive(found.paths) } satisfies LookedInto)
})
