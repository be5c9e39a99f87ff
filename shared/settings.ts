import { z } from 'zod'
import { type LimitName, limitSettings, limits } from './limits.ts'

/** `settings.json` of a profile; every field has a default, and an unknown one is an error. */
export const Settings = z.strictObject({
  /** Seconds that a caller waits for a person before it is told to retry; below the 60 s after which most clients give up. */
  hold_sec: z.number().positive().max(3600).default(50),
  /** Seconds until an unanswered request is denied. */
  expires_sec: z.number().positive().max(86_400).default(600),
  ...limitSettings,
})
export type Settings = z.infer<typeof Settings>

/** Name of a setting. */
export type SettingName = keyof Settings

/** Whether a change of this setting waits until the gateway starts again; all others hold at once, for what comes. */
export function needsRestart(name: SettingName): boolean {
  return name in limits && 'restart' in limits[name as LimitName]
}
