import { z } from 'zod'

/** What a client starts to reach a server through Toolgate, up to the server's name; every path absolute, no secret in it. */
export const ShimLaunch = z.strictObject({
  command: z.string(),
  args: z.array(z.string()),
  env: z.record(z.string(), z.string()),
})
export type ShimLaunch = z.infer<typeof ShimLaunch>
