/**
 * How much may be looked through for one call, in characters read once: 20 to 50 ms, by what they are. A MiB of
 * ordinary source text takes most of it.
 */
const most = 24_000_000

/** Marks make readings (parts of paths, escapes, quotes, variables): what each costs beyond other characters. */
const marks = { '/': 8, '\\': 16, '%': 16, $: 60, "'": 12, '"': 12, '`': 12 }
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

/** An effort for one call; `limit` in characters read. */
export function createEffort(limit = most): Effort {
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
