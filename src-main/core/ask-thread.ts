import type { Worker } from 'node:worker_threads'

/** Milliseconds between two looks at a thread. */
const lookMs = 10

/** A thread that took more time than it may. */
export class TookTooLong extends Error {}

/** Milliseconds that one question may take: of the thread's own processor time, and by the clock, for a machine that has other things to do. */
export type Patience = { ownMs: number; ms: number }

/**
 * A thread's answer. Rejects when it ends, and with TookTooLong when it takes longer than it may. Its processor time is what counts first,
 * so that nothing is refused because the machine is busy.
 */
export async function askThread<A>(
  thread: Worker,
  question: unknown,
  { ownMs, ms }: Patience,
  moved: readonly ArrayBuffer[] = [],
): Promise<A> {
  const { promise, resolve, reject } = Promise.withResolvers<A>()
  const began = performance.now()
  let before: number | null = null
  thread.once('message', resolve).once('error', reject).once('exit', reject)
  // Most questions are answered before this looks for the first time.
  const watch = setInterval(async () => {
    const own = await ownMsOf(thread)
    before ??= own
    if ((own ?? 0) - (before ?? 0) > ownMs - lookMs || performance.now() - began > ms) reject(new TookTooLong())
  }, lookMs)
  watch.unref()
  // What is waited for keeps this process alive no longer than who waits.
  thread.postMessage(question, moved)
  try {
    return await promise
  } finally {
    clearInterval(watch)
    thread.off('message', resolve).off('error', reject).off('exit', reject)
  }
}

/** Milliseconds of processor time that a thread has used; null when it does not say. */
async function ownMsOf(thread: Worker): Promise<number | null> {
  const used = await thread.cpuUsage().catch(() => null)
  return used && (used.user + used.system) / 1000
}
