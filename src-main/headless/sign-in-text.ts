import { printable } from '../../shared/printable.ts'
import type { SignInView } from '../../shared/sign-in.ts'
import { asTyped } from './command-name.ts'
import { when } from './format.ts'

/** How a server stands with its sign-in, line by line. */
export function signInLines(view: SignInView, name: string): string[] {
  const { state, issuer, since, expires_at, renews, scopes, problem } = view
  const signedIn = state === 'signed_in' && since !== null
  return [
    ...(signedIn ? [`signed in since ${when(since)} at ${printable(issuer ?? '')}${ends(expires_at, renews)}`] : []),
    ...(signedIn && scopes.length > 0 ? [`scopes ${listed(scopes)}`] : []),
    ...(state === 'waiting' ? ['a sign-in waits for a browser'] : []),
    ...(view.wanted && state !== 'waiting' ? [wantedLine(view, name)] : []),
    ...(problem === null ? [] : [`!      the last sign-in failed: ${problem}`]),
  ]
}

function ends(at: string | null, renews: boolean): string {
  if (renews) return ', renewed as needed'
  return at === null ? '' : `, until ${when(at)}`
}

function wantedLine({ wanted_scopes: scopes }: SignInView, name: string): string {
  const rights = scopes.length > 0 ? ` for ${listed(scopes)}` : ''
  return asTyped(`!      it wants a sign-in${rights}: \`toolgate servers sign-in ${printable(name)}\``)
}

function listed(scopes: readonly string[]): string {
  return scopes.map((scope) => printable(scope)).join(' ')
}
