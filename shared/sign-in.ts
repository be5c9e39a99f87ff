import { z } from 'zod'

/** How a server over HTTP stands with its sign-in; nothing here is secret. */
export const SignInView = z.strictObject({
  /** `waiting`: a person is in the browser. */
  state: z.enum(['signed_out', 'waiting', 'signed_in']),
  /** The server refused something and wants a sign-in, or one with these scopes. */
  wanted: z.boolean(),
  wanted_scopes: z.array(z.string()),
  since: z.string().nullable(),
  /** When what it is signed in with ends; `renews`: then it is renewed without a person. */
  expires_at: z.string().nullable(),
  renews: z.boolean(),
  scopes: z.array(z.string()),
  /** The authorization server that was signed in at. */
  issuer: z.string().nullable(),
  /** Why the last sign-in came to nothing. */
  problem: z.string().nullable(),
})
export type SignInView = z.infer<typeof SignInView>
