import type { GivenConsent } from '../../shared/consents.ts'
import { Badge } from '../ui/badge.tsx'
import { Card, Section } from '../ui/card.tsx'
import { Time } from '../ui/time.tsx'
import { VisibleText } from '../ui/visible-text.tsx'

/** Each yes that an app was given: when, what for, and whether it still comes in by it. */
export function GivenToApp({ given }: { given: readonly GivenConsent[] }) {
  if (given.length === 0) return null
  return (
    <Section title="What you agreed to">
      <Card>
        <ul aria-label="What you agreed to" className="divide-y divide-line">
          {given.map((consent) => (
            <li key={consent.at} className="flex flex-col px-3 py-2">
              <Given consent={consent} />
            </li>
          ))}
        </ul>
      </Card>
    </Section>
  )
}

function Given({ consent: { at, lasting, purpose, server, scopes, active } }: { consent: GivenConsent }) {
  const spent = lasting ? 'over' : 'spent'
  return (
    <>
      <span className="flex items-center gap-2">
        <span className="min-w-0 flex-1">
          {lasting ? 'Until you revoke it' : 'For one hour'}, since <Time at={at} />
        </span>
        <Badge>{active ? 'active' : spent}</Badge>
      </span>
      <span className="text-muted">
        For {server === null ? 'all servers' : <b>{server}</b>}
        {scopes.length > 0 && `, with ${scopes.join(', ')}`}
        {purpose !== null && (
          <>
            ; “
            <VisibleText text={purpose} />”
          </>
        )}
      </span>
    </>
  )
}
