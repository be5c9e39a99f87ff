import { Link, useLocation } from 'wouter'
import type { CallRow } from '../../../shared/activity.ts'
import { printable } from '../../../shared/printable.ts'
import { places } from '../../places.ts'
import { lookOfCall } from '../../say/call-outcome.ts'
import { callSentence } from '../../say/call-sentence.ts'
import { Chip } from '../../ui/chip.tsx'
import { ClientMark } from '../../ui/client-mark.tsx'
import { Sentence } from '../../ui/sentence.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'

/** Calls that a person was asked about, and how that ended; each leads to its record. */
export function AnsweredTable({ rows }: { rows: readonly CallRow[] }) {
  const [, go] = useLocation()
  return (
    <Table<CallRow>
      label="Answered lately"
      rows={rows}
      keyOf={({ call_id }) => call_id}
      onOpen={({ call_id }) => go(places.call(call_id))}
      columns={[
        { head: 'Asked', width: '96px', cell: ({ started_at }) => <Asked at={started_at} /> },
        { head: 'Client', cell: ({ client }) => <Client client={client} /> },
        { head: 'Server › tool', cell: (row) => <Tool row={row} /> },
        { head: 'What happened', cell: (row) => <Happened row={row} /> },
        { head: 'Answer', width: '160px', cell: (row) => <Chip {...lookOfCall(row)} /> },
      ]}
    />
  )
}

function Asked({ at }: { at: string }) {
  return (
    <span className="whitespace-nowrap">
      <Time at={at} />
    </span>
  )
}

function Happened({ row }: { row: CallRow }) {
  return (
    <span className="block py-1.5 text-muted">
      <Sentence parts={callSentence(row)} />
    </span>
  )
}

function Client({ client: { name, identity } }: Pick<CallRow, 'client'>) {
  return (
    <span className="flex min-w-10 items-center gap-2" title={printable(name)}>
      <ClientMark name={name} claimed={identity === 'claimed'} size={20} />
      <span className="max-w-40 truncate max-[1100px]:sr-only">
        <VisibleText text={name} />
      </span>
    </span>
  )
}

function Tool({ row: { call_id, server, tool } }: { row: CallRow }) {
  return (
    <Link href={places.call(call_id)} className="inline-block min-w-36 hover:text-accent-text hover:underline">
      <VisibleText text={server} /> ›{' '}
      <code>
        <VisibleText text={tool} />
      </code>
    </Link>
  )
}
