/**
 * A sign-in to a server that came to nothing; the message says why in our own words, `hint` the next step where one is known.
 * `lost`: the authorization server no longer knows the grant or the client, so that trying again is of no use.
 */
export class SignInFailure extends Error {
  readonly hint: string | null
  readonly lost: 'grant' | 'client' | null
  constructor(message: string, more: { hint?: string; lost?: 'grant' | 'client' } = {}) {
    super(message)
    this.hint = more.hint ?? null
    this.lost = more.lost ?? null
  }
}
