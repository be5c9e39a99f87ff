import { Link } from 'wouter'
import type { NoiseView } from '../../../shared/fatigue.ts'
import { places } from '../../places.ts'
import { Table } from '../../ui/table.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'

type NoisyTool = NoiseView['tools'][number]

/** The tools that people were asked about most; each leads to its page. */
export function NoisyTools({ tools }: { tools: readonly NoisyTool[] }) {
  return (
    <Table<NoisyTool>
      label="Tools that were asked about most"
      rows={tools}
      keyOf={({ server, name }) => JSON.stringify([server, name])}
      columns={[
        { head: 'Server › tool', cell: (tool) => <Tool tool={tool} /> },
        { head: 'Asked', width: '80px', end: true, cell: ({ prompts }) => prompts },
      ]}
    />
  )
}

function Tool({ tool: { server, name } }: { tool: NoisyTool }) {
  return (
    <Link href={places.tool(server, name)} className="hover:text-accent-text hover:underline">
      <VisibleText text={server} /> ›{' '}
      <code>
        <VisibleText text={name} />
      </code>
    </Link>
  )
}
