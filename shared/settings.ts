import { z } from 'zod'
import { type LimitName, limitSettings, limits } from './limits.ts'

/** `settings.json` of a profile; every field has a default, and an unknown one is an error. */
export const Settings = z.strictObject({
  /** Seconds that a caller waits for a person before it is told to retry; below the 60 s after which most clients give up. */
  hold_sec: z.number().positive().max(3600).default(50),
  /** Seconds until an unanswered request is denied. */
  expires_sec: z.number().positive().max(86_400).default(600),
  audit: z
    .strictObject({
      /**
       * Which records would survive power loss before anything that follows from them happens: those that say what is about
       * to run (`decision`), or each single one (`every`), which costs each call the time of another flush to the disk.
       */
      durability: z.enum(['decision', 'every']).default('decision'),
    })
    .default({ durability: 'decision' }),
  ...limitSettings,
})
export type Settings = z.infer<typeof Settings>

type Whole = Omit<Settings, 'audit'>

/** Name of a setting: its path in the file. */
export type SettingName = keyof Whole | 'audit.durability'

/** The name of every setting. */
export function settingNames(settings: Settings): SettingName[] {
  const { audit: _group, ...whole } = settings
  return [...(Object.keys(whole) as (keyof Whole)[]), 'audit.durability']
}

/** What a setting is. */
export function valueOf(settings: Settings, name: SettingName): number | string {
  return name === 'audit.durability' ? settings.audit.durability : settings[name]
}

/** Whether a change of this setting waits until the gateway starts again; all others hold at once, for what comes. */
export function needsRestart(name: SettingName): boolean {
  return name === 'audit.durability' || (name in limits && 'restart' in limits[name as LimitName])
}

/** The settings `next`, but for those that need a restart, which stay as they are `now`. */
export function withRestart(next: Settings, now: Settings): Settings {
  return { ...next, audit: now.audit, max_message_bytes: now.max_message_bytes }
}
