/**
 * How a local process talks to the gateway's socket, before anything else is said. Both sides prove that they hold the
 * secret of the key that the caller names, so neither a squatted socket nor a stranger gets further:
 *
 *   caller  → {"toolgate":1,"role","key","nonce",…}\n
 *   gateway → {"nonce","proof":HMAC(secret,"gateway\n"+callerNonce+"\n"+gatewayNonce)}\n
 *   caller  → {"proof":HMAC(secret,"caller\n"+gatewayNonce+"\n"+callerNonce+"\n"+hello line)}\n
 *   gateway → {"ok":true}\n   or   {"ok":false,"code","message","hint"}\n
 *
 * Then: role `shim` carries a client's MCP bytes both ways, unchanged; role `control` carries one JSON call or reply a line.
 * HMAC is SHA-256, hex; nonces are 32 random bytes, hex. A handshake line is at most 8 KiB and must come within 5 s.
 */
export const linkVersion = 1
export const handshakeLimit = 8192

/** Names of the secrets that are not per client: for the CLI, and for shims without a client entry (identity `claimed`). */
export const controlKey = 'control'
export const sharedShimKey = 'shim'

/** What a shim names instead of a server whose client wants all of them at once; no server can be called so. */
export const allServers = '*'

/** First line of a caller: what it wants to be, which key it will prove, and its process. */
export type Hello =
  | { toolgate: number; role: 'control'; key: string; nonce: string; pid: number }
  | { toolgate: number; role: 'shim'; key: string; nonce: string; pid: number; server: string; name: string }

/** The gateway answers with its own proof and nonce, and in the end with a verdict. */
export type Challenge = { nonce: string; proof: string }
export type Verdict = { ok: true } | { ok: false; code: string; message: string; hint: string }

/** What each side signs with the shared secret. */
export function gatewayProofText(callerNonce: string, gatewayNonce: string): string {
  return `gateway\n${callerNonce}\n${gatewayNonce}`
}
export function callerProofText(callerNonce: string, gatewayNonce: string, helloLine: string): string {
  return `caller\n${gatewayNonce}\n${callerNonce}\n${helloLine}`
}

/** How the shim and the CLI start the gateway again: written by the host that ran last, absolute paths only. */
export type HostRecord = { command: string; args: string[]; cwd: string; path: string }
