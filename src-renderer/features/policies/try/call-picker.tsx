import { Search } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { CallRow } from '../../../../shared/activity.ts'
import { askedText } from '../../../../shared/asked-words.ts'
import { useRecentCalls } from '../../../parts/use-recent-calls.ts'
import { places } from '../../../places.ts'
import { lookOfCall } from '../../../say/call-outcome.ts'
import { AskedFor } from '../../../show/asked-for.tsx'
import { Card } from '../../../ui/card.tsx'
import { Chip } from '../../../ui/chip.tsx'
import { Input } from '../../../ui/field.tsx'
import { EmptyState, ErrorState, Skeleton } from '../../../ui/states.tsx'
import { Time } from '../../../ui/time.tsx'
import { VisibleText } from '../../../ui/visible-text.tsx'
import { PickedRow } from '../picked-row.tsx'

/** Calls drawn at once; further ones are found by their words. */
const mostShown = 100

/** The newest calls, to be searched and chosen from. `query`: what the address of a call ends in. */
export function CallPicker({ selected, query }: { selected: string | null; query: string }) {
  const { rows, more, error } = useRecentCalls()
  const [text, setText] = useState('')
  const fitting = useMemo(() => matching(rows ?? [], text), [rows, text])
  if (error && !rows)
    return <ErrorState compact title="The calls cannot be listed" why={error.message} hint={error.hint} />
  if (!rows) return <Skeleton className="h-96 w-full" />
  if (rows.length === 0) {
    return (
      <Card>
        <EmptyState title="No call is on record yet">
          <p>Once a client has called a tool, you can try any policy on that call here.</p>
        </EmptyState>
      </Card>
    )
  }
  return (
    <Card className="overflow-hidden">
      <search className="relative block border-line border-b p-2">
        <Search size={14} className="pointer-events-none absolute top-[17px] left-4 text-faint" aria-hidden="true" />
        <Input
          role="searchbox"
          aria-label="Find a call"
          placeholder="Client, server, tool, rule or outcome"
          className="pl-7"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </search>
      <ul
        className="max-h-[max(200px,calc(100vh-300px))] divide-y divide-line overflow-auto"
        aria-label="Recorded calls"
      >
        {fitting.slice(0, mostShown).map((row) => (
          <Call key={row.call_id} row={row} selected={row.call_id === selected} query={query} />
        ))}
        {fitting.length === 0 && <li className="px-3 py-6 text-center text-muted">No call fits these words.</li>}
      </ul>
      {(more || fitting.length > mostShown) && (
        <p className="border-line border-t px-3 py-2 text-muted">
          These are the newest. From any other, the record in Activity leads here.
        </p>
      )}
    </Card>
  )
}

function Call({ row, selected, query }: { row: CallRow; selected: boolean; query: string }) {
  const { tone, word } = lookOfCall(row)
  return (
    <PickedRow href={`${places.tryCall(row.call_id)}${query}`} selected={selected}>
      <span className="flex items-baseline justify-between gap-2">
        <span className="min-w-0 flex-1 truncate">
          <AskedFor server={row.server} kind={row.kind} name={row.tool} />
        </span>
        <Chip tone={tone} word={word} />
      </span>
      <span className="flex justify-between gap-2 text-muted">
        <span className="min-w-0 truncate">
          <VisibleText text={row.client.name} />
        </span>
        <Time at={row.started_at} />
      </span>
    </PickedRow>
  )
}

function matching(rows: readonly CallRow[], text: string): readonly CallRow[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return rows
  return rows.filter((row) => {
    const { client, server, kind, tool, rules, call_id } = row
    const all = [client.name, server, askedText(kind, tool), kind, ...rules, lookOfCall(row).word, call_id]
    const searched = all.join('\n').toLowerCase()
    return words.every((word) => searched.includes(word))
  })
}
