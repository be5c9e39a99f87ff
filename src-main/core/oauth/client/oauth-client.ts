/** How the token endpoint is told which client asks (RFC 6749 section 2.3). */
export const authMethods = ['none', 'client_secret_basic', 'client_secret_post'] as const

/** Who we are to one authorization server. */
export type OAuthClient = { client_id: string; client_secret: string | null; auth_method: (typeof authMethods)[number] }

/** What an authorization server issued. `scopes` are null when it does not say; `lifetimeSec` too. */
export type Issued = { access: string; refresh: string | null; scopes: string[] | null; lifetimeSec: number | null }
