import { eventLoopUtilization } from 'node:perf_hooks'
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Clock, Log } from '../core/ports.ts'

/** What was needed once, at the start, is given back this long after it (ms), and what a load needed once it is over. */
const afterStartMs = 1_000
const everyMs = 10_000
/** A process that worked less than this share of the time has nothing to do. */
const quietShare = 0.05
/** Giving back stops everything for some 50 ms, so it must be worth it (bytes). */
const worthIt = 24 * 1024 * 1024

/** Young objects get this much room (MiB): with less, many live long enough to be taken for old; with more, it all stays taken. */
const youngMiB = 4

/**
 * Keeps V8 from taking much more memory than is in use; call it before anything large is loaded. By itself V8 lets a heap of
 * 20 MiB grow to 150 before it looks what can go. V8 reads these flags whenever it sets a limit, collects or compiles, so
 * setting them late is safe.
 */
export function limitHeap(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
  setFlagsFromString('--heap-growing-percent=60')
  // So little room is soon looked through; to wake other threads for it takes longer, and is time that servers do not get.
  setFlagsFromString('--no-parallel-scavenge')
  // The middle one of V8's compilers takes 20 MiB while it works, which stay taken, and its code is soon compiled anew.
  setFlagsFromString('--no-maglev')
}

/** Gives memory back to the system after the start, and whenever a load is over. Ends with the function that it returns. */
export function giveMemoryBack(clock: Clock, log: Log): () => void {
  const collect = collector(log)
  let least = Number.POSITIVE_INFINITY
  let before = eventLoopUtilization()
  let stop = clock.after(afterStartMs, giveBack)

  function giveBack(): void {
    collect()
    growYoung()
    least = process.memoryUsage.rss()
    look()
  }

  function look(): void {
    before = eventLoopUtilization()
    stop = clock.after(everyMs, () => {
      const rss = process.memoryUsage.rss()
      least = Math.min(least, rss)
      if (eventLoopUtilization(before).utilization < quietShare && rss > least + worthIt) giveBack()
      else look()
    })
  }
  return () => stop()
}

/** V8's own way to free whatever can be freed, as before it would run out of memory; with that pages go back to the system. */
function collector(log: Log): () => void {
  try {
    setFlagsFromString('--expose-gc')
    const gc = runInNewContext('gc') as (options: object) => void
    return () => gc({ type: 'major', execution: 'sync', flavor: 'last-resort' })
  } catch (error) {
    log.warn('memory cannot be given back', { error: String(error) })
    return () => {}
  }
}

/** A collection of that kind leaves young objects almost no room; it grows when many of them live, so some live here. */
function growYoung(): void {
  setFlagsFromString('--semi-space-growth-factor=2')
  const alive: unknown[][] = []
  // Some 60 KiB in each round; it takes half of them.
  for (let round = 0; round < 250 && youngRoom() < 2 * youngMiB * 1024 * 1024; round++) {
    alive.push(Array.from({ length: 128 }, () => new Array(16)))
  }
  setFlagsFromString('--semi-space-growth-factor=1')
}

/** Bytes that young objects have, both halves. */
function youngRoom(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? Number.MAX_VALUE
}
