import type { ShimLaunch } from './shim-launch.ts'

/** What goes into the configuration of a client that starts a program (the `mcpServers` form that most clients read). */
export function stdioConfiguration(shim: ShimLaunch, entry: { server: string; profile: string; client: string }) {
  const args = [...shim.args, entry.server, '--profile', entry.profile, '--entry', entry.client]
  const env = Object.keys(shim.env).length > 0 ? { env: shim.env } : {}
  return { mcpServers: { [entry.server]: { command: shim.command, args, ...env } } }
}
