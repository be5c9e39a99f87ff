import { z } from 'zod'

/** What a client starts to reach a server through Toolgate, up to the server's name; every path absolute, no secret in it. */
export const ShimLaunch = z.strictObject({
  command: z.string(),
  args: z.array(z.string()),
  env: z.record(z.string(), z.string()),
})
export type ShimLaunch = z.infer<typeof ShimLaunch>

/** What goes into the configuration of a client that starts a program (the `mcpServers` form that most clients read). */
export function stdioConfiguration(shim: ShimLaunch, entry: { server: string; profile: string; client: string }) {
  const args = [...shim.args, entry.server, '--profile', entry.profile, '--entry', entry.client]
  const env = Object.keys(shim.env).length > 0 ? { env: shim.env } : {}
  return { mcpServers: { [entry.server]: { command: shim.command, args, ...env } } }
}
