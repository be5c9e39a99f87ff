import { z } from 'zod'

/** `settings.json` of a profile; every field has a default, and an unknown one is an error. */
export const Settings = z.strictObject({
  /** Seconds that a caller waits for a person before it is told to retry; below the 60 s after which most clients give up. */
  hold_sec: z.number().positive().max(3600).default(50),
  /** Seconds until an unanswered request is denied. */
  expires_sec: z.number().positive().max(86_400).default(600),
  /** Largest message, in bytes, either way. */
  max_message_bytes: z.int().min(65_536).max(268_435_456).default(33_554_432),
  audit: z
    .strictObject({
      /**
       * Which records would survive power loss before anything that follows from them happens: those that say what is about
       * to run (`decision`), or each single one (`every`), which costs each call the time of another flush to the disk.
       */
      durability: z.enum(['decision', 'every']).default('decision'),
    })
    .default({ durability: 'decision' }),
})
export type Settings = z.infer<typeof Settings>
