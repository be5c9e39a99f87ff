import { z } from 'zod'

/** What a person said no to: it stays refused until a review approves it after all. */
export const Denial = z.strictObject({
  /** `server`: what it runs or where it is reached; nothing of it is called then. */
  what: z.enum(['server', 'instructions', 'tool']),
  /** Null for what is no tool. */
  tool: z.string().nullable(),
  at: z.string(),
  by: z.string(),
  reason: z.string(),
  /** What had changed, in words. */
  changes: z.array(z.string()),
})
export type Denial = z.infer<typeof Denial>

/** All that is not as it was approved of one server, meaning first: what a review would have to say yes to. */
export const ServerChange = z.strictObject({
  server: z.string(),
  /** Of what it runs or where it is reached, and of the files that this is. */
  runs: z.array(z.string()),
  /** What it tells every model, as approved and as it is now, in its own words. */
  instructions: z
    .strictObject({ approved: z.string().nullable(), now: z.string(), changes: z.array(z.string()) })
    .nullable(),
  /** `tier`: the one proposed for what it is now, which is the level that its approval takes. */
  tools: z.array(z.strictObject({ tool: z.string(), tier: z.int(), changes: z.array(z.string()) })),
  /** Tools that it offers and nobody reviewed, each with what is odd about it. */
  new_tools: z.array(z.strictObject({ tool: z.string(), tier: z.int(), signs: z.array(z.string()) })),
  denied: z.array(Denial),
})
export type ServerChange = z.infer<typeof ServerChange>
