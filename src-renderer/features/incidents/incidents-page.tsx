import { Siren } from 'lucide-react'
import { Link, useLocation } from 'wouter'
import type { IncidentView } from '../../../shared/incidents.ts'
import { places } from '../../places.ts'
import { incidentAbout, incidentKinds, incidentState } from '../../say/incident.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Chip } from '../../ui/chip.tsx'
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'
import { useCall } from '../../use-call.ts'
import { IncidentPage } from './incident-page.tsx'
import { OpenIncident } from './open-incident.tsx'

/** What was stopped, and other things to look into: all of them, or the one that the address names. */
export function IncidentsPage() {
  const [location] = useLocation()
  const id = location.slice(places.incidents.length + 1)
  return id === '' ? <AllIncidents /> : <IncidentPage key={id} id={id} />
}

function AllIncidents() {
  const [, go] = useLocation()
  const { value: incidents, error, refresh } = useCall('incidents.list', {}, ['status'])
  if (!incidents && error) {
    const retry = <Button onClick={refresh}>Try again</Button>
    return <ErrorState title="The incidents cannot be listed" why={error.message} hint={error.hint} action={retry} />
  }
  return (
    <div className="flex max-w-300 flex-col gap-6 p-6">
      <header className="flex items-start justify-between gap-4">
        <div>
          <h1 className="text-title">Incidents</h1>
          <p className="text-muted">
            Things to look into, each with the records that belong to it. A stop opens one by itself.
          </p>
        </div>
        <OpenIncident onOpened={(opened) => go(places.incident(opened.id))} />
      </header>
      {incidents === undefined ? (
        <Skeleton className="h-40 w-full" />
      ) : (
        <Card className="overflow-x-auto">{incidents.length > 0 ? <Incidents incidents={incidents} /> : <None />}</Card>
      )}
    </div>
  )
}

function None() {
  return (
    <EmptyState icon={<Siren size={24} />} title="No incident yet">
      <p>
        When something is stopped, what happened before and after it is gathered here until you have looked into it.
      </p>
    </EmptyState>
  )
}

function Incidents({ incidents }: { incidents: readonly IncidentView[] }) {
  const [, go] = useLocation()
  return (
    <Table<IncidentView>
      label="Incidents"
      rows={incidents}
      keyOf={({ id }) => id}
      onOpen={({ id }) => go(places.incident(id))}
      columns={[
        { head: 'State', width: '96px', cell: (incident) => <Chip {...incidentState(incident)} /> },
        {
          head: 'About',
          cell: (incident) => (
            <Link href={places.incident(incident.id)} className="font-strong hover:underline">
              {incidentAbout(incident)}
            </Link>
          ),
        },
        { head: 'Why', cell: ({ why }) => <VisibleText text={why} /> },
        { head: 'Opened by', width: '120px', cell: ({ kind }) => incidentKinds[kind] },
        { head: 'Opened', width: '128px', cell: ({ opened_at }) => <Time at={opened_at} /> },
      ]}
    />
  )
}
