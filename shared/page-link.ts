/**
 * How a page of the app talks to the host, in both hosts the same lines of JSON: over a WebSocket of the page's own origin
 * in a browser, over one IPC channel in Electron (where the window itself is the proof, and the greeting is left out).
 *
 *   page → {"sign_in":"<nonce of the sign-in link>"}   or   {"session":"<what it was given before>"}
 *   host → {"ok":true,"session":"…"}                   or   {"ok":false,"code","message","hint"}, and the end
 *
 * Then the page sends `ControlRequest` lines and gets `ControlReply` lines, and `{"event":PageEvent}` between them. A sign-in
 * nonce is good once, for 60 seconds, and for one door; it stands in the fragment of the link, which no server ever sees. A
 * session ends with the host. The host keeps its hash, in memory; the approval page keeps its secret in memory, the app in the
 * storage of its tab, which outlives a reload.
 */
export type PageGreeting = { sign_in: string } | { session: string }
export type PageWelcome = { ok: true; session: string } | { ok: false; code: string; message: string; hint: string }

/** The fragment of a sign-in link: `#sign-in=<nonce>`, for the approval page followed by `&at=<place>`. */
export const signInFragment = 'sign-in'

/** Path of the WebSocket below the page's origin. */
export const pageSocketPath = '/socket'

/** A greeting must come within this time, and be no longer than this. */
export const greetingLimits = { ms: 5_000, bytes: 1_024 } as const
