import type { Settings } from '../../../shared/settings.ts'
import type { Clock } from '../ports.ts'
import { type CoolDown, createCoolDown } from './cool-down.ts'
import { createQuietHours, type QuietHours } from './quiet-hours.ts'

/** What spares people questions. */
export type Sparing = { coolDown: CoolDown; quiet: QuietHours }

/** Builds it: cool-downs and quiet hours, as the settings in force say. */
export function createSparing(deps: {
  clock: Clock
  settings: () => Settings
  record: (event: string, detail: Record<string, unknown>) => void
}): Sparing {
  const { settings } = deps
  return {
    coolDown: createCoolDown({ ...deps, ms: () => settings().cool_down_sec * 1000 }),
    quiet: createQuietHours({ ...deps, hours: () => settings().quiet_hours }),
  }
}
