import type { ReactNode } from 'react'
import type { GivenAccess, GivenConsent } from '../../shared/consents.ts'
import { tenantWords } from '../say/tenant.ts'
import { Badge } from '../ui/badge.tsx'
import { Card, Section } from '../ui/card.tsx'
import { Time } from '../ui/time.tsx'
import { VisibleText } from '../ui/visible-text.tsx'

type GivenToAppProps = {
  given: readonly GivenAccess[]
  /** The way to end what was given for one tenant alone. */
  end: (access: GivenAccess) => ReactNode
}

/** What an app was given, for each tenant apart: each yes, what for, when it came in by it, and whether it still does. */
export function GivenToApp({ given, end }: GivenToAppProps) {
  if (given.length === 0) return null
  const several = given.length > 1 || given.some(({ tenant }) => tenant !== null)
  return (
    <Section title="What you agreed to">
      {given.map((access) => (
        <Card key={access.tenant ?? ''}>
          {several && <Head access={access} end={end(access)} />}
          <ul
            aria-label={several ? `What you agreed to, for ${tenantWords(access.tenant)}` : 'What you agreed to'}
            className="divide-y divide-line"
          >
            {access.consents.map((consent) => (
              <li key={consent.at} className="flex flex-col px-3 py-2">
                <Given consent={consent} />
              </li>
            ))}
          </ul>
        </Card>
      ))}
    </Section>
  )
}

function Head({ access: { tenant, last_used }, end }: { access: GivenAccess; end: ReactNode }) {
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-line border-b px-3 py-2">
      <div className="min-w-0 flex-1">
        <h3>Works for {tenantWords(tenant)}</h3>
        <p className="text-muted">
          {last_used === null ? (
            'Has not come in yet'
          ) : (
            <>
              Came in last <Time at={last_used} />
            </>
          )}
        </p>
      </div>
      {end}
    </div>
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
        At {server === null ? 'all servers' : <b>{server}</b>}
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
