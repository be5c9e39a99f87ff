import { ServerName } from '../../../../shared/server.ts'

/** The right to come in at all; which tools that opens is for policy. */
export const baseScope = 'mcp'

/** The server that a path of this gateway means, null for all of them; undefined for a path that no token is for. */
export function serverOfPath(path: string): string | null | undefined {
  if (path === '/mcp') return null
  const [, name] = /^\/mcp\/([^/?#]+)$/.exec(path) ?? []
  return name !== undefined && ServerName.safeParse(name).success ? name : undefined
}

/** The path that a resource (RFC 8707) names at one of these origins; null for one of another, or that is no canonical address. */
export function pathOfResource(resource: string, origins: readonly string[]): string | null {
  const origin = origins.find((own) => resource.startsWith(`${own}/`))
  if (origin === undefined) return null
  // Some clients name the origin's root with a slash, and mean all that is there.
  const path = resource.slice(origin.length).replace(/\/$/, '') || '/mcp'
  return serverOfPath(path) === undefined ? null : path
}

/** Whether a token that was issued for one path is good at another: that of all servers is, at each of them. */
export function covers(granted: string, path: string): boolean {
  return granted === path || (granted === '/mcp' && path.startsWith('/mcp/'))
}
