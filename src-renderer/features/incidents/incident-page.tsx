import { Check } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'wouter'
import type { IncidentDetail, IncidentRecord, IncidentView } from '../../../shared/incidents.ts'
import { call } from '../../call.ts'
import { OpenApprovalsButton } from '../../parts/open-approvals-button.tsx'
import { places } from '../../places.ts'
import { incidentKinds, incidentState, incidentTitle } from '../../say/incident.ts'
import { Button } from '../../ui/button.tsx'
import { Card, Section } from '../../ui/card.tsx'
import { Chip } from '../../ui/chip.tsx'
import { Facts } from '../../ui/facts.tsx'
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { toast } from '../../ui/toast.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'
import { asFailure, useCall } from '../../use-call.ts'
import { IncidentNotes } from './incident-notes.tsx'
import { IncidentRecords } from './incident-records.tsx'

/** One incident: what it is about, what was noted, and the records that belong to it. */
export function IncidentPage({ id }: { id: string }) {
  const { value: detail, error, refresh } = useCall('incidents.show', { id }, ['status'])
  if (!detail && error) {
    const retry = <Button onClick={refresh}>Try again</Button>
    return <ErrorState title="The incident cannot be shown" why={error.message} hint={error.hint} action={retry} />
  }
  return (
    <div className="flex max-w-300 flex-col gap-6 p-6">
      {detail ? (
        <>
          <Head incident={detail.incident} />
          <IncidentNotes detail={detail} />
          <Section title="Records, the newest first">
            <Records detail={detail} />
          </Section>
        </>
      ) : (
        <Skeleton className="h-40 w-full" />
      )}
    </div>
  )
}

function Head({ incident }: { incident: IncidentView }) {
  const { id, kind, why, opened_at, opened_by, closed_at, closed_by, conclusion } = incident
  return (
    <>
      <header className="flex items-start justify-between gap-4">
        <div>
          <p className="text-muted">
            <Link href={places.incidents} className="hover:text-ink hover:underline">
              Incidents
            </Link>{' '}
            ›
          </p>
          <h1 className="flex flex-wrap items-center gap-2 text-title">
            {incidentTitle(incident)} <Chip {...incidentState(incident)} />
          </h1>
        </div>
        {closed_at === null && (
          <OpenApprovalsButton at={`/incidents/${id}`} look="primary" icon={<Check size={14} aria-hidden="true" />}>
            Close with a conclusion
          </OpenApprovalsButton>
        )}
      </header>
      <Card className="p-4">
        <Facts
          facts={[
            ['Why', why === '' ? 'no reason was given' : <VisibleText key="why" text={why} />],
            [
              'Opened',
              <span key="opened">
                <Time at={opened_at} /> by {opened_by} ({incidentKinds[kind].toLowerCase()})
              </span>,
            ],
            ...(closed_at === null
              ? []
              : ([
                  [
                    'Closed',
                    <span key="closed">
                      <Time at={closed_at} /> by {closed_by}
                    </span>,
                  ],
                  ['Conclusion', <VisibleText key="conclusion" text={conclusion} />],
                ] as const)),
          ]}
        />
      </Card>
    </>
  )
}

/** The newest records, live, and those before them as far as they were asked for. */
function Records({ detail: { incident, records, next } }: { detail: IncidentDetail }) {
  const [earlier, setEarlier] = useState<{ records: readonly IncidentRecord[]; next: number | null } | null>(null)
  const [busy, setBusy] = useState(false)
  if (records.length === 0) {
    return (
      <Card>
        <EmptyState title="Nothing is on record for it yet">
          <p>What happens from now on is added until it is closed.</p>
        </EmptyState>
      </Card>
    )
  }
  const before = earlier === null ? next : earlier.next
  const more = () => {
    if (before === null) return
    setBusy(true)
    call('incidents.show', { id: incident.id, before })
      .then((page) => setEarlier({ records: [...(earlier?.records ?? records), ...page.records], next: page.next }))
      .catch((error: unknown) => {
        const { message, hint } = asFailure(error)
        toast({ title: message, detail: hint, tone: 'denied' })
      })
      .finally(() => setBusy(false))
  }
  const shown = new Set(records.map(({ seq }) => seq))
  return (
    <Card className="overflow-x-auto">
      <IncidentRecords records={[...records, ...(earlier?.records ?? []).filter(({ seq }) => !shown.has(seq))]} />
      {before !== null && (
        <div className="p-2">
          <Button look="ghost" loading={busy} onClick={more}>
            Show earlier records
          </Button>
        </div>
      )}
    </Card>
  )
}
