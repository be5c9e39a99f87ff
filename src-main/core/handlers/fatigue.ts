import { isDeepStrictEqual } from 'node:util'
import { Settings } from '../../../shared/settings.ts'
import { type CoreHandlers, nameAt } from '../control/handlers.ts'
import { figuresOf } from '../fatigue/figures.ts'
import type { QuietHours } from '../fatigue/quiet-hours.ts'
import { createRollUp } from '../fatigue/roll-up.ts'
import { setQuietHours } from '../fatigue/set-quiet.ts'
import type { Clock } from '../ports.ts'
import type { Snapshots } from '../snapshots/snapshots.ts'
import type { PromptsTable } from '../store/prompts-table.ts'
import type { RecordEvent } from './servers.ts'

type FatigueHandlers = Pick<CoreHandlers, 'approvals.noise' | 'quiet.show' | 'quiet.off' | 'quiet.set'>

const dayMs = 24 * 3_600_000

/** How much people are asked, and when not. `settle` moves records to where the table reads them. */
export function fatigueHandlers(deps: {
  table: PromptsTable
  settle: () => void
  snapshots: Pick<Snapshots, 'current' | 'rulesOf'>
  quiet: QuietHours
  clock: Clock
  user: string
  /** Those in force, and their file. */
  settings: () => Settings
  settingsFile: string
  record: RecordEvent
  /** Hears that quiet hours are switched off or on. */
  onQuiet: () => void
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
    'quiet.off': ({ hours }, door) => {
      const view = quiet.switchOff(hours, { user: nameAt(door, user), door: door.name })
      deps.onQuiet()
      return view
    },
    'quiet.set': ({ hours }, door) => {
      // Recorded before it holds; who asked is not told by the settings that change then.
      deps.record('quiet.set', { hours, by: nameAt(door, user), door: door.name })
      setQuietHours(deps.settingsFile, hours, isDeepStrictEqual(deps.settings(), Settings.parse({})))
      return {}
    },
  }
}
