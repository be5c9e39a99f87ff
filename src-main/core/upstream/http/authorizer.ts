import type { HttpLaunch } from '../../../../shared/server.ts'

/** Signs requests to one server in. What both reject with (`HttpFailure`, `ToolgateError`) is what the request is lost to. */
export type Authorizer = {
  /** The bearer token for a request to `url`; null when there is none for it. */
  token: (url: URL) => Promise<string | null>
  /**
   * The server refused a request that was sent with `token` (status 401 or 403), with these challenges: the token with which
   * the request may be made once more, or null when there is none. Rejects with SERVER_WANTS_SCOPES when it asks for more rights.
   */
  refused: (url: URL, token: string | null, status: number, challenges: string) => Promise<string | null>
}

/** For requests that are made without a sign-in. */
export const unauthorized: Authorizer = { token: async () => null, refused: async () => null }

/** True when a person gave a header that signs a server's requests in: then nothing else does. */
export function signsItselfIn({ headers }: Pick<HttpLaunch, 'headers'>): boolean {
  return Object.keys(headers).some((name) => name.toLowerCase() === 'authorization')
}
