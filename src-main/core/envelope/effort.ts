import { mostWork } from '../json/outline.ts'

/** Marks make readings (parts of paths, escapes, quotes, variables): what each costs beyond other characters. */
const marks = { '/': 8, '\\': 16, '%': 16, $: 60, "'": 8, '"': 8, '`': 8 }
const costs = new Uint8Array(128)
for (const [mark, cost] of Object.entries(marks)) costs[mark.charCodeAt(0)] = cost

/** What reading a text once costs. */
export function weightOf(text: string): number {
  let weight = text.length
  for (let at = 0; at < text.length; at++) weight += costs[text.charCodeAt(at)] ?? 0
  return weight
}

/** Counts work before it is done. `spend` answers whether there was so much left; once there was not, there never is. */
export type Effort = { spend: (work: number) => boolean; spent: () => number; over: () => boolean }

/** An effort for one call; `limit` in characters looked through once. */
export function createEffort(limit = mostWork): Effort {
  let left = limit
  return {
    spend(work) {
      left = left < work ? -1 : left - work
      return left >= 0
    },
    spent: () => limit - left,
    over: () => left < 0,
  }
}

/** What is left for a call once its message was read, where everybody waits meanwhile. */
export function effortAfter({ work }: { work: number }): Effort {
  return createEffort(mostWork - work)
}

/** The same where nobody but who asks waits for it: twice as much, the reading not counted. */
export function effortBeside(): Effort {
  return createEffort(2 * mostWork)
}
