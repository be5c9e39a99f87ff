import { Link } from 'wouter'
import type { IncidentRecord } from '../../../shared/incidents.ts'
import { places } from '../../places.ts'
import { Table, type TableColumn } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'

const ofCalls: TableColumn<IncidentRecord>[] = [
  { head: 'Client', width: '120px', cell: ({ client }) => <VisibleText text={client} /> },
  { head: 'Tool', width: '168px', cell: (record) => <Tool record={record} /> },
]

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
        // Where no record is of a call, these two would be empty.
        ...(records.some(({ client, tool }) => client !== '' || tool !== '') ? ofCalls : []),
        { head: 'Detail', cell: ({ detail }) => <VisibleText text={detail} /> },
      ]}
    />
  )
}

function Tool({ record: { server, tool } }: { record: IncidentRecord }) {
  return <VisibleText text={[server, tool].filter((it) => it !== '').join(' › ')} />
}

function What({ record: { what, call_id } }: { record: IncidentRecord }) {
  if (call_id === null) return <code>{what}</code>
  return (
    <Link href={places.call(call_id)} className="hover:underline">
      {what}
    </Link>
  )
}
