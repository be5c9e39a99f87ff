import type { IncomingHttpHeaders } from 'node:http'

/**
 * By which of its origins a request came to this gateway. `origin`: the one that it names; `alike`: all that mean the same place, which
 * tokens are for and pages may come from; `publicOrigin`: null where it came by an address of this machine. It is what the caller says in
 * its `Host`, and a program of this machine can say either: INVARIANT: nobody has more by the public origin than by this machine.
 */
export type Way = { origin: string; alike: readonly string[]; publicOrigin: string | null }

/** The way that a `Host` header means; null for one that is no origin of this gateway. */
export function wayOf(host: string | undefined, port: number, publicOrigin: string | null): Way | null {
  const named = host?.toLowerCase()
  const own = [`http://127.0.0.1:${port}`, `http://localhost:${port}`]
  const origin = own.find((each) => each === `http://${named}`)
  if (origin !== undefined) return { origin, alike: own, publicOrigin: null }
  if (publicOrigin === null || publicOrigin !== `https://${named}`) return null
  return { origin: publicOrigin, alike: [publicOrigin], publicOrigin }
}

/** Whether a browser says that a page of somebody else made it ask; what it asks for by itself, or for a page of this origin, is not. */
export function isOfOtherPage({ 'sec-fetch-site': site }: IncomingHttpHeaders): boolean {
  return site !== undefined && site !== 'same-origin' && site !== 'none'
}
