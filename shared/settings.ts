import { z } from 'zod'
import { type LimitName, limitSettings, limits } from './limits.ts'

/**
 * Which records of a call are on the disk, and not only with the system, when it goes on; all survive a killed process.
 * `decisions`: a write waits for its decision, a read's answer waits for it. `every`: each record is flushed before anything
 * follows from it, how a call ended included, which costs a call the time of another flush.
 */
export const flushModes = ['every', 'decisions'] as const
export type FlushMode = (typeof flushModes)[number]

/** `settings.json` of a profile; every field has a default, and an unknown one is an error. */
export const Settings = z.strictObject({
  /** Seconds that a caller waits for a person before it is told to retry; below the 60 s after which most clients give up. */
  hold_sec: z.number().positive().max(3600).default(50),
  /** Seconds until an unanswered request is denied. */
  expires_sec: z.number().positive().max(86_400).default(600),
  /** Which records are made safe against a power cut before what depends on them goes on. */
  flush_records: z.enum(flushModes).default('decisions'),
  /**
   * Address of a client ID metadata document that somebody publishes for Toolgate, which then names itself by it when it signs in
   * to servers. Its redirect addresses must hold `http://127.0.0.1/callback`. Null: it registers itself.
   */
  client_document: z
    .url({ protocol: /^https$/ })
    .nullable()
    .default(null),
  ...limitSettings,
})
export type Settings = z.infer<typeof Settings>

/** Name of a setting, as in the file. */
export type SettingName = keyof Settings

/** The name of every setting. */
export function settingNames(settings: Settings): SettingName[] {
  return Object.keys(settings) as SettingName[]
}

/** What a setting is; `none` for one that is not set. */
export function settingValue(settings: Settings, name: SettingName): number | string {
  return settings[name] ?? 'none'
}

/** Whether a change of this setting waits until the gateway starts again; all others hold at once, for what comes. */
export function needsRestart(name: SettingName): boolean {
  if (name === 'flush_records' || name === 'client_document') return true
  return name in limits && 'restart' in limits[name as LimitName]
}

/** The settings `next`, but for those that need a restart, which stay as they are `now`. */
export function withRestart(next: Settings, now: Settings): Settings {
  const { flush_records, client_document, max_message_bytes } = now
  return { ...next, flush_records, client_document, max_message_bytes }
}
