import { Check } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'wouter'
import type { IncidentDetail, IncidentView } from '../../../shared/incidents.ts'
import { OpenApprovalsButton } from '../../parts/open-approvals-button.tsx'
import { places } from '../../places.ts'
import { incidentAbout, incidentKinds, incidentState } from '../../say/incident.ts'
import { Button } from '../../ui/button.tsx'
import { Card, Section } from '../../ui/card.tsx'
import { Chip } from '../../ui/chip.tsx'
import { Facts } from '../../ui/facts.tsx'
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'
import { useCall } from '../../use-call.ts'
import { IncidentNotes } from './incident-notes.tsx'
import { IncidentRecords } from './incident-records.tsx'

/** One incident: what it is about, what was noted, and the records that belong to it. */
export function IncidentPage({ id }: { id: string }) {
  /** Where the pages of records begin that come after the newest. */
  const [pages, setPages] = useState<readonly number[]>([])
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
            <Records detail={detail} pages={pages} onMore={(before) => setPages([...pages, before])} />
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
            {incidentAbout(incident)} <Chip {...incidentState(incident)} />
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

type RecordsProps = { detail: IncidentDetail; pages: readonly number[]; onMore: (before: number) => void }

function Records({ detail, pages, onMore }: RecordsProps) {
  if (detail.records.length === 0) {
    return (
      <Card>
        <EmptyState title="Nothing is on record for it yet">
          <p>What happens from now on is added until it is closed.</p>
        </EmptyState>
      </Card>
    )
  }
  const [last] = pages.slice(-1)
  return (
    <Card className="overflow-x-auto">
      <IncidentRecords records={detail.records} first />
      {pages.map((before) => (
        <MoreRecords key={before} id={detail.incident.id} before={before} last={before === last} onMore={onMore} />
      ))}
      {pages.length === 0 && detail.next !== null && <More before={detail.next} onMore={onMore} />}
    </Card>
  )
}

function MoreRecords(props: { id: string; before: number; last: boolean; onMore: (before: number) => void }) {
  const { id, before, last, onMore } = props
  const { value } = useCall('incidents.show', { id, before }, [])
  if (!value) return <Skeleton className="m-4 h-5 w-72" />
  return (
    <>
      <IncidentRecords records={value.records} />
      {last && value.next !== null && <More before={value.next} onMore={onMore} />}
    </>
  )
}

function More({ before, onMore }: { before: number; onMore: (before: number) => void }) {
  return (
    <div className="p-2">
      <Button look="ghost" onClick={() => onMore(before)}>
        Show earlier records
      </Button>
    </div>
  )
}
