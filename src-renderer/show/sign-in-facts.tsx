import type { SignInView } from '../../shared/sign-in.ts'
import { Facts } from '../ui/facts.tsx'
import { Time } from '../ui/time.tsx'
import { VisibleText } from '../ui/visible-text.tsx'

/** Since when, where and for what a server is signed in to; nothing when it is not and nothing is wanted. */
export function SignInFacts({ view }: { view: SignInView }) {
  const { issuer, since, scopes, wanted_scopes } = view
  const more = wanted_scopes.filter((scope) => !scopes.includes(scope))
  const facts = [
    ...(since === null ? [] : [['Signed in', <Time key="since" at={since} />] as const]),
    ...(issuer === null ? [] : [['At', <Code key="issuer" text={issuer} />] as const]),
    ...(since === null ? [] : [['Ends', <Ends key="ends" view={view} />] as const]),
    ...(scopes.length === 0 ? [] : [['Scopes', <Code key="scopes" text={scopes.join(' ')} />] as const]),
    ...(more.length === 0 ? [] : [['It wants', <Code key="wants" text={more.join(' ')} />] as const]),
  ]
  return facts.length === 0 ? null : <Facts facts={facts} />
}

function Ends({ view: { expires_at, renews } }: { view: SignInView }) {
  if (renews) return 'never by itself: it is renewed as needed'
  return expires_at === null ? 'when the server says so' : <Time at={expires_at} />
}

function Code({ text }: { text: string }) {
  return (
    <code className="break-all">
      <VisibleText text={text} />
    </code>
  )
}
