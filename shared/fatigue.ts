import { z } from 'zod'

/** How often one name occurred. */
const Counted = z.strictObject({ name: z.string(), prompts: z.int() })

/** How much people were asked, and what came of it. Times in milliseconds; null where there is nothing to tell it from. */
export const NoiseView = z.strictObject({
  from: z.string(),
  to: z.string(),
  prompts: z.int(),
  /** Prompts of each hour, oldest first; the last hour is the one that runs. */
  per_hour: z.array(z.int()),
  outcomes: z.strictObject({
    approved: z.int(),
    denied: z.int(),
    expired: z.int(),
    cancelled: z.int(),
    pending: z.int(),
  }),
  /** From the question to a person's answer. */
  median_decision_ms: z.number().nullable(),
  /** The longest that a caller of a request was held, of the request in the middle. */
  median_wait_ms: z.number().nullable(),
  /** Of the answers of people, those within a second, 0 to 1: nobody reads a call in that time. */
  under_a_second: z.number().nullable(),
  /** Of what was settled, what nobody answered, 0 to 1. */
  expired: z.number().nullable(),
  /** How many requests waited at once. */
  queue: z.strictObject({ max: z.int(), mean: z.number() }),
  /** The noisiest, most prompts first. */
  clients: z.array(Counted),
  servers: z.array(Counted),
  tools: z.array(Counted.extend({ server: z.string() })),
  /** `at`: where the rule stands in the policy in force; null when it is no longer there. */
  rules: z.array(
    Counted.extend({ approved: z.int(), at: z.strictObject({ file: z.string(), line: z.int() }).nullable() }),
  ),
})
export type NoiseView = z.infer<typeof NoiseView>

/** Quiet hours: whether calls that would ask are denied right now, until when, and until when a person has them switched off. */
export const QuietView = z.strictObject({
  hours: z.string().nullable(),
  quiet: z.boolean(),
  until: z.string().nullable(),
  off_until: z.string().nullable(),
})
export type QuietView = z.infer<typeof QuietView>
