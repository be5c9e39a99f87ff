import { useState } from 'react'
import type { CallDetail } from '../../../shared/activity.ts'
import { VerifyRecord } from '../../parts/verify-record.tsx'
import { Button } from '../../ui/button.tsx'
import { CopyText } from '../../ui/copy-text.tsx'
import { JsonView } from '../../ui/json-view.tsx'
import { Table } from '../../ui/table.tsx'

type Entry = CallDetail['records'][number]

/** Where the records of a call stand in the chain, and whether the chain holds. */
export function ProofSection({ detail: { records } }: { detail: CallDetail }) {
  const [raw, setRaw] = useState(false)
  return (
    <div className="flex flex-col gap-3">
      <p className="text-muted">
        Each record holds the hash of the one before, so that none can be changed, left out or moved unnoticed.
      </p>
      <div className="overflow-x-auto rounded-md border border-line">
        <Table<Entry>
          label="Records of this call"
          rows={records}
          keyOf={({ seq }) => String(seq)}
          columns={[
            { head: 'No.', width: '64px', end: true, cell: ({ seq }) => seq.toLocaleString('en') },
            { head: 'State', width: '88px', cell: ({ state }) => state },
            { head: 'Hash', cell: ({ hash }) => <CopyText text={hash} keep={4} /> },
            { head: 'Before it', cell: ({ prev_hash }) => <CopyText text={prev_hash} keep={4} /> },
          ]}
        />
      </div>
      <VerifyRecord words="Verify the whole record now" />
      <div>
        <Button size="small" look="ghost" aria-expanded={raw} onClick={() => setRaw(!raw)}>
          {raw ? 'Hide the raw records' : 'Show the raw records'}
        </Button>
      </div>
      {raw &&
        records.map((record) => (
          <JsonView key={record.seq} label={`record ${record.seq}`} text={JSON.stringify(record)} />
        ))}
    </div>
  )
}
