import { z } from 'zod'
import { GateSettings } from './gates.ts'
import { type LimitName, limitSettings, limits } from './limits.ts'
import { PublicOrigin } from './public-origin.ts'
import { QuietHours, WorkingHours } from './working-hours.ts'

/**
 * Which records of a call are on the disk, and not only with the system, when it goes on; all survive a killed process.
 * `decisions`: a write waits for its decision, a read's answer waits for it. `every`: each record is flushed before anything
 * follows from it, how a call ended included, which costs a call the time of another flush.
 */
export const flushModes = ['every', 'decisions'] as const
export type FlushMode = (typeof flushModes)[number]

const waitSec = z.number().positive().max(86_400)

/** `settings.json` of a profile; every field has a default, and an unknown one is an error. */
export const Settings = z.strictObject({
  /**
   * Seconds that a caller of which nobody knows how long it waits is held before it is told to retry; below the 60 s after which
   * most clients give up.
   */
  hold_sec: z.number().positive().max(3600).default(50),
  /** Whether calls wait for a person although nothing can show that they do; else they are refused at once. */
  hold_without_host: z.boolean().default(false),
  /** Whether the notification of a call that waits makes a sound, where the system has one. */
  prompt_sound: z.boolean().default(false),
  /** Seconds until an unanswered request is denied. */
  expires_sec: z.number().positive().max(86_400).default(600),
  /** Seconds of what a client waits that are left to its server, to answer after a yes; of a short wait a third. */
  answer_room_sec: z.number().positive().max(600).default(10),
  /** Seconds between two pieces of news to a caller that is held and asked for them. */
  heartbeat_sec: z.number().positive().max(600).default(15),
  /**
   * How many seconds a client waits for an answer, by the name or id of its entry, or the name that it calls itself; where it is not
   * what is known of it. `resets`: news of progress begin that wait anew.
   */
  client_timeouts: z
    .record(
      z.string().min(1).max(80),
      z.union([waitSec, z.strictObject({ seconds: waitSec, resets: z.boolean().optional() })]),
    )
    .default({}),
  /** Days that what people were shown when they answered is kept; then it is destroyed, and its hash stays in the record. */
  content_days: z.int().min(1).max(3650).default(30),
  /** Days that an approval of a tool counts; then it is held until it is reviewed again. A quarter, unless it says otherwise. */
  tool_review_days: z.int().min(1).max(3650).default(91),
  /** `tier_1`: on approved servers, tools that only read, handle nothing sensitive and are not odd need nobody to approve them. */
  auto_approve: z.enum(['none', 'tier_1']).default('none'),
  ...limitSettings,
  /** When people work: calls at other times are riskier. Null: no time is. */
  working_hours: WorkingHours.nullable().default(null),
  /** When nobody is asked: calls that would ask are denied at once. Null: at no time. */
  quiet_hours: QuietHours.nullable().default(null),
  /** Seconds for which nobody is told of more requests of a client and tool after two that nobody answered. */
  cool_down_sec: z.number().min(0).max(86_400).default(300),
  /** What stops a client, a server or everything by itself, and when; `gates.ts` has the usual. */
  gates: GateSettings,
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
  /**
   * Hosts whose published documents may name an app that asks to be let in (OAuth client ID metadata documents), `*` for all. Fetching one
   * tells its host that somebody here uses the app. Usual: none; apps register themselves.
   */
  app_documents: z
    .array(z.string().regex(/^(\*|[a-z0-9.-]{1,253}(:\d{1,5})?)$/, 'a host such as `app.example.com`, or `*`'))
    .max(100)
    .default([]),
  /**
   * Origin under which a reverse proxy on this machine, which ends TLS, makes `/mcp` and the authorization server reachable for others. The
   * gateway itself goes on to listen on 127.0.0.1 alone. When it changes, what came by the one before is revoked. Null: it is reached from
   * this machine only.
   */
  public_origin: PublicOrigin.nullable().default(null),
})
export type Settings = z.infer<typeof Settings>

/** Name of a setting. */
export type SettingName = keyof Settings

/** Whether a change of this setting waits until the gateway starts again; all others hold at once, for what comes. */
export function needsRestart(name: SettingName): boolean {
  return (
    name === 'flush_records' || name === 'client_document' || (name in limits && 'restart' in limits[name as LimitName])
  )
}
