import { allServers } from './link.ts'
import type { ShimLaunch } from './shim-launch.ts'

/** What a server is called in a client's configuration; all of them together have the name of what brings them. */
export function entryName(server: string): string {
  return server === allServers ? 'toolgate' : server
}

/** Address of a server at the HTTP door, or of all of them; `pattern` is such as `http://127.0.0.1:4780/mcp/<server>`. */
export function serverAddress(pattern: string, server: string): string {
  return server === allServers
    ? pattern.replace('/<server>', '')
    : pattern.replace('<server>', encodeURIComponent(server))
}

/** What goes into the configuration of a client that starts a program (the `mcpServers` form that most clients read). */
export function stdioConfiguration(shim: ShimLaunch, entry: { server: string; profile: string; client: string }) {
  const server = entry.server === allServers ? '--all' : entry.server
  const args = [...shim.args, server, '--profile', entry.profile, '--entry', entry.client]
  const env = Object.keys(shim.env).length > 0 ? { env: shim.env } : {}
  return { mcpServers: { [entryName(entry.server)]: { command: shim.command, args, ...env } } }
}
