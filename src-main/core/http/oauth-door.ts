import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Way } from '../origins.ts'
import type { Caller } from './exchange.ts'

/**
 * The authorization server behind this door. `publicOrigin`: the origin under which a proxy makes both reachable for others, if any. `isForBrowsers`:
 * whether an address of it is one to which apps lead browsers. `serve`: takes a request at one of its own addresses, false for any other. `check`: who an access
 * token lets in at a path, and whether any token by the same yes still does. `missing`: the rights that a request needs and the token of an app lacks; none for all other clients. `tool`: the
 * name that a call of a tool gives.
 */
export type OAuthDoor = {
  publicOrigin: () => string | null
  isForBrowsers: (url: string) => boolean
  serve: (req: IncomingMessage, res: ServerResponse, way: Way) => boolean
  check: (
    authorization: string | undefined,
    path: string,
    way: Way,
  ) => { client: Caller; lasts: () => boolean } | { refused: 'invalid_token' | 'insufficient_scope' }
  missing: (client: Caller, serverName: string, request: { method: string; tool: string | null }) => string[]
}

/**
 * What a caller without a good token is told (RFC 6750, 9728): where it says which authorization server to ask, and for which right. `way`:
 * by which it came; `sent`: it brought a token; `scopes`: rights besides the one to come in.
 */
export function challengeOf(
  req: IncomingMessage,
  code: 'NO_TOKEN' | 'WRONG_SCOPE',
  { way, sent, scopes = [] }: { way: Way; sent: boolean; scopes?: readonly string[] },
): string {
  const path = req.url?.split('?')[0] ?? ''
  const place = /^\/mcp(\/[a-z0-9][\w.-]{0,80})?$/i.test(path) ? path : ''
  const metadata = `${way.origin}/.well-known/oauth-protected-resource${place}`
  const error = code === 'WRONG_SCOPE' ? 'insufficient_scope' : sent ? 'invalid_token' : null
  return [
    `Bearer ${error === null ? '' : `error="${error}", `}resource_metadata="${metadata}"`,
    `scope="${['mcp', ...scopes].join(' ')}"`,
  ].join(', ')
}
