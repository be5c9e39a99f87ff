import { Link } from 'wouter'
import type { IncidentRecord } from '../../../shared/incidents.ts'
import { places } from '../../places.ts'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'

/** Some of the records of an incident; those of calls lead to the call. */
export function IncidentRecords({ records }: { records: readonly IncidentRecord[] }) {
  return (
    <Table<IncidentRecord>
      label="Records"
      rows={records}
      keyOf={({ seq }) => String(seq)}
      columns={[
        { head: 'No.', width: '80px', end: true, cell: ({ seq }) => seq.toLocaleString('en') },
        { head: 'When', width: '112px', cell: ({ at }) => <Time at={at} /> },
        { head: 'What', width: '168px', cell: (record) => <What record={record} /> },
        { head: 'Client', width: '144px', cell: ({ client }) => <VisibleText text={client} /> },
        {
          head: 'Tool',
          width: '216px',
          cell: ({ server, tool }) => <VisibleText text={[server, tool].filter((it) => it !== '').join(' › ')} />,
        },
        {
          head: 'Detail',
          cell: ({ detail }) => (
            <span className="[overflow-wrap:anywhere]">
              <VisibleText text={detail} />
            </span>
          ),
        },
      ]}
    />
  )
}

function What({ record: { what, call_id } }: { record: IncidentRecord }) {
  if (call_id === null) return <code>{what}</code>
  return (
    <Link href={places.call(call_id)} className="hover:underline">
      {what}
    </Link>
  )
}
