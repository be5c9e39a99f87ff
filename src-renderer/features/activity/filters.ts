import type { CallRow } from '../../../shared/activity.ts'
import { askedText } from '../../../shared/asked-words.ts'
import { asked } from '../../say/call-outcome.ts'

/** What came of a call, as a person looks for it. */
export const shows = ['allowed', 'constrained', 'asked', 'waiting', 'denied', 'failed', 'withheld', 'findings'] as const
export type Show = (typeof shows)[number]

/** What the list is narrowed to; an empty text narrows nothing. It stands in the address, so that a view can be gone back to. */
export type Filters = { text: string; show: Show | ''; server: string; client: string }

/** Filters that narrow nothing. */
export const noFilters: Filters = { text: '', show: '', server: '', client: '' }

const tests: Record<Show, (row: CallRow) => boolean> = {
  allowed: ({ outcome }) => outcome === 'executed' || outcome === 'executed_with_constraints',
  constrained: ({ outcome }) => outcome === 'executed_with_constraints',
  asked,
  waiting: ({ outcome, state }) => outcome === 'pending' || (outcome === null && state === 'held'),
  denied: ({ outcome }) => ['blocked', 'denied', 'expired', 'unreachable'].includes(outcome ?? ''),
  failed: ({ outcome }) => ['tool_error', 'failed', 'cancelled', 'interrupted'].includes(outcome ?? ''),
  withheld: ({ outcome }) => outcome === 'withheld',
  findings: ({ findings }) => findings.length > 0,
}

/** The filters that the query of an address holds; what is unknown in it narrows nothing. */
export function filtersOf(query: string): Filters {
  const given = new URLSearchParams(query)
  const text = (name: string) => given.get(name)?.slice(0, 200) ?? ''
  const show = shows.find((known) => known === given.get('show')) ?? ''
  return { text: text('text'), show, server: text('server'), client: text('client') }
}

/** The query of these filters, with its question mark; empty when nothing is narrowed. */
export function queryOf(filters: Filters): string {
  const set = Object.entries(filters).filter(([, value]) => value !== '')
  return set.length === 0 ? '' : `?${new URLSearchParams(set)}`
}

/** Whether the list is narrowed at all. */
export function narrows(filters: Filters): boolean {
  return queryOf(filters) !== ''
}

/** The calls that fit; every word of the text must stand somewhere in client, server, tool, rules or reason. */
export function fitting(rows: readonly CallRow[], filters: Filters): readonly CallRow[] {
  if (!narrows(filters)) return rows
  const { show, server, client } = filters
  const words = filters.text.toLowerCase().split(/\s+/).filter(Boolean)
  return rows.filter(
    (row) =>
      (show === '' || tests[show](row)) &&
      (server === '' || row.server === server) &&
      (client === '' || row.client.id === client) &&
      words.every((word) => searchable(row).includes(word)),
  )
}

/** Rows are replaced and never changed, so that what is searched in them is made once. */
const searched = new WeakMap<CallRow, string>()

function searchable(row: CallRow): string {
  const known = searched.get(row)
  if (known !== undefined) return known
  const { client, server, kind, tool, rules, reason, reason_code, call_id } = row
  const text = [client.name, server, askedText(kind, tool), kind, ...rules, reason ?? '', reason_code ?? '', call_id]
    .join('\n')
    .toLowerCase()
  searched.set(row, text)
  return text
}
