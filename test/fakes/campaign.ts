import type { TaskMeta } from 'vitest'

declare module 'vitest' {
  interface TaskMeta {
    /** Makes the test a campaign: `npm run test:full` lists it with this size and seed. */
    campaign?: { size: number; seed: number }
  }
}

/**
 * The size of a campaign: a sample in `npm test`, all of it in `npm run test:full`. The seed is fixed, so that a failure
 * can be repeated. Call it in a test as `campaign(task, { sample: 200, full: 20_000, seed: 42 })`.
 */
export function campaign(
  task: { meta: TaskMeta },
  { sample, full, seed }: { sample: number; full: number; seed: number },
): number {
  const size = process.env.TOOLGATE_TEST_FULL === '1' ? full : sample
  task.meta.campaign = { size, seed }
  return size
}
