import { ArrowRight } from 'lucide-react'
import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import type { ReplayedChange } from '../../../../shared/policy-tools.ts'
import { places } from '../../../places.ts'
import { AskedFor } from '../../../show/asked-for.tsx'
import { Button } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'
import { Table, type TableColumn } from '../../../ui/table.tsx'
import { Time } from '../../../ui/time.tsx'
import { VisibleText } from '../../../ui/visible-text.tsx'
import { VerdictChip } from '../verdict-chip.tsx'

/** Changes shown before a person asks for all that are named. */
const firstChanges = 50

type ReplayChangesProps = { changes: readonly ReplayedChange[]; more: number; policy: string }

/** The calls that another policy decides otherwise, newest first; each leads to why. */
export function ReplayChanges({ changes, more, policy }: ReplayChangesProps) {
  const [, go] = useLocation()
  const [all, setAll] = useState(false)
  const shown = all ? changes : changes.slice(0, firstChanges)
  const why = ({ call_id }: ReplayedChange) => `${places.tryCall(call_id)}?policy=${policy}`
  if (changes.length === 0) {
    return <Card className="px-4 py-6 text-center text-muted">None. Every call would be decided as it was.</Card>
  }
  return (
    <Card className="overflow-x-auto">
      <Table
        label="Calls that would be decided otherwise"
        columns={columnsFor(why)}
        rows={shown}
        keyOf={({ call_id, at }) => `${call_id} ${at}`}
        onOpen={(change) => go(why(change))}
      />
      {(shown.length < changes.length || more > 0) && (
        <div className="flex items-center gap-3 border-line border-t px-3 py-2 text-muted">
          {shown.length < changes.length && (
            <Button size="small" onClick={() => setAll(true)}>
              Show all {changes.length.toLocaleString('en')}
            </Button>
          )}
          {more > 0 && <span>{more.toLocaleString('en')} older ones are counted and not named.</span>}
        </div>
      )}
    </Card>
  )
}

function columnsFor(why: (change: ReplayedChange) => string): TableColumn<ReplayedChange>[] {
  return [
    { head: 'Time', width: '104px', cell: ({ at }) => <Time at={at} /> },
    {
      head: 'Call',
      cell: (change) => (
        <Link href={why(change)} className="hover:text-accent-text hover:underline">
          <AskedFor server={change.server} kind={change.kind} name={change.tool} />
        </Link>
      ),
    },
    { head: 'Client', spare: 'third', cell: ({ client }) => <VisibleText text={client} /> },
    {
      head: 'Was, and would be',
      width: '280px',
      cell: ({ before, after }) => (
        <span className="inline-flex items-center gap-2">
          <VerdictChip verdict={before} />
          <ArrowRight size={14} className="text-faint" aria-hidden="true" />
          <VerdictChip verdict={after} />
        </span>
      ),
    },
    {
      head: 'By',
      spare: 'third',
      cell: ({ after }) => <VisibleText text={after.rules.length > 0 ? after.rules.join(', ') : 'no rule'} />,
    },
    {
      head: 'Record',
      width: '80px',
      cell: ({ call_id }) => (
        <Link href={places.call(call_id)} className="text-accent-text hover:underline">
          Record
        </Link>
      ),
    },
  ]
}
