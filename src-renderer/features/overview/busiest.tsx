import type { CallRow } from '../../../shared/activity.ts'
import type { ClientView } from '../../../shared/calls.ts'
import { places } from '../../places.ts'
import { type BarLine, BarList } from './bar-list.tsx'
import { mostCalls } from './call-figures.ts'

const listed = 5

/** The clients that called most among these calls, and what came of it. `entries`: those that have a page of their own. */
export function BusiestClients({ rows, entries }: { rows: readonly CallRow[]; entries: readonly ClientView[] }) {
  const lines = mostCalls(rows, ({ client }) => client.id, listed).map(({ key, sample, calls, refused }): BarLine => {
    const known = entries.some(({ id }) => id === key)
    return {
      key,
      name: sample.client.name,
      href: known ? places.client(key) : null,
      count: calls,
      told: told(calls, refused),
    }
  })
  return <BarList lines={lines} tone="plain" none="No client has called anything yet." />
}

/** The tools that were called most among these calls. */
export function BusiestTools({ rows }: { rows: readonly CallRow[] }) {
  const tools = rows.filter(({ kind }) => kind === 'tool')
  const keyOf = ({ server, tool }: CallRow) => JSON.stringify([server, tool])
  const lines = mostCalls(tools, keyOf, listed).map(({ key, sample: { server, tool }, calls, refused }): BarLine => {
    return { key, name: tool, of: server, href: places.tool(server, tool), count: calls, told: told(calls, refused) }
  })
  return <BarList lines={lines} tone="plain" none="No tool was called yet." />
}

function told(calls: number, refused: number): string {
  const all = `${calls.toLocaleString('en')} ${calls === 1 ? 'call' : 'calls'}`
  return refused === 0 ? all : `${all}, ${refused.toLocaleString('en')} denied`
}
