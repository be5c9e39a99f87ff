import type { About } from './about.ts'
import type { Repeat, Timing } from './measure-calls.ts'
import type { DecisionTime } from './measure-decisions.ts'
import type { IdleMemory } from './measure-memory.ts'
import type { PageWork } from './measure-page.ts'
import type { PromptsWork } from './measure-prompts.ts'
import type { ReplayTime } from './measure-replay.ts'
import type { Stall } from './measure-stalls.ts'
import type { Starts } from './measure-starts.ts'
import type { TokenTime } from './measure-tokens.ts'
import { type Spread, spreadOf } from './statistics.ts'

/** Everything that one run measured: what `--json` writes, and what the report is made of. */
export type Results = {
  about: About
  repeats: Repeat[]
  idle: IdleMemory[]
  decisions: DecisionTime[]
  replay: ReplayTime
  starts: Starts
  stalls: Stall[]
  /** Null without a browser. */
  page: PageWork | null
  prompts: PromptsWork | null
  tokens: TokenTime
}

/** One figure of one repeat for a series of a workload. Throws when it was not measured. */
export function timingIn({ timings }: Repeat, workload: string, series: string): Timing {
  const timing = timings[workload]?.[series]
  if (!timing) throw new Error(`\`${workload}\` has no series \`${series}\``)
  return timing
}

/** What a series makes of another one, computed within each repeat: `of` gets both. */
export function against(
  repeats: readonly Repeat[],
  workload: string,
  [series, base]: readonly [string, string],
  of: (timing: Timing, base: Timing) => number,
): Spread {
  return spreadOf(repeats.map((repeat) => of(timingIn(repeat, workload, series), timingIn(repeat, workload, base))))
}
