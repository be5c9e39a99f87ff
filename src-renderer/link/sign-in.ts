import { signInFragment } from '../../shared/page-link.ts'

/** What the address of the page said: a nonce that signs in, and the place that the page was opened for. */
export type SignIn = { nonce: string | null; at: string }

/** Whether the address is a sign-in link whose nonce nobody has taken. */
export function holdsSignIn({ hash }: Location): boolean {
  return hash.startsWith(`#${signInFragment}=`)
}

/**
 * Takes the nonce of a sign-in link out of the address at once, so that neither history, a reload nor a copied address
 * carries it. What remains is the place, as a hash location.
 */
export function takeSignIn(page: { location: Location; history: History }): SignIn {
  const { hash, pathname, search } = page.location
  const fields = new URLSearchParams(hash.slice(1))
  const nonce = holdsSignIn(page.location) ? fields.get(signInFragment) : null
  if (nonce === null) return { nonce: null, at: hash.startsWith('#/') ? hash.slice(1) : '/' }
  const asked = fields.get('at') ?? '/'
  const at = asked.startsWith('/') ? asked : '/'
  page.history.replaceState(null, '', `${pathname}${search}#${at}`)
  return { nonce, at }
}
