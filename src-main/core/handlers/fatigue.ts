import type { CoreHandlers } from '../control/handlers.ts'
import { figuresOf } from '../fatigue/figures.ts'
import type { QuietHours } from '../fatigue/quiet-hours.ts'
import { createRollUp } from '../fatigue/roll-up.ts'
import type { Clock } from '../ports.ts'
import type { Snapshots } from '../snapshots/snapshots.ts'
import type { PromptsTable } from '../store/prompts-table.ts'

type FatigueHandlers = Pick<CoreHandlers, 'approvals.noise' | 'quiet.show' | 'quiet.off'>

const dayMs = 24 * 3_600_000

/** How much people are asked, and when not. `settle` moves records to where the table reads them. */
export function fatigueHandlers(deps: {
  table: PromptsTable
  settle: () => void
  snapshots: Pick<Snapshots, 'current' | 'rulesOf'>
  quiet: QuietHours
  clock: Clock
  user: string
}): FatigueHandlers {
  const { snapshots, quiet, clock, user } = deps
  const rolled = createRollUp(deps.table, deps.settle)
  return {
    'approvals.noise': async ({ days }) => {
      const to = clock.now()
      const from = to - days * dayMs
      const places = new Map(
        snapshots.rulesOf(snapshots.current()?.hash ?? '').map(({ id, file, line }) => [id, { file, line }]),
      )
      return figuresOf(await rolled.prompts(from, to), { from, to }, (rule) => places.get(rule) ?? null)
    },
    'quiet.show': () => quiet.view(),
    'quiet.off': ({ hours }, door) => quiet.switchOff(hours, { user: door.who?.name ?? user, door: door.name }),
  }
}
