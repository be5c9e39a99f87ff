import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import type { ServerView, ToolReview } from '../../../shared/server.ts'
import { places } from '../../places.ts'
import { ActionBadge } from '../../show/action-badge.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Card } from '../../ui/card.tsx'
import { Field, Input } from '../../ui/field.tsx'
import { Table } from '../../ui/table.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'
import { Fingerprint } from './fingerprint.tsx'

/** From this many tools on there is a field to find one by its name. */
const manyTools = 12

/** The pinned tools of a server; `open` is the one whose details are shown. */
export function ToolsTable({ server, open }: { server: ServerView; open: string | null }) {
  const [, go] = useLocation()
  const [wanted, setWanted] = useState('')
  const { tools, held_tools } = server
  const order = (tool: ToolReview) => (held_tools.includes(tool.name) ? 0 : 1)
  const found = tools
    .filter(({ name, action, tags }) => [name, action, ...tags].some((text) => matches(text, wanted)))
    .toSorted((a, b) => order(a) - order(b))
  return (
    <div className="flex flex-col gap-2">
      {tools.length >= manyTools && (
        <div className="flex items-end gap-3">
          <div className="w-80">
            <Field label="Find a tool">
              <Input
                type="search"
                placeholder="name, action or tag"
                value={wanted}
                onChange={(event) => setWanted(event.target.value)}
              />
            </Field>
          </div>
          <p aria-live="polite" className="pb-1.5 text-muted">
            {wanted.trim() === '' ? '' : `${found.length} of ${tools.length}`}
          </p>
        </div>
      )}
      <Card className="overflow-x-auto">
        <Table<ToolReview>
          label="Tools"
          rows={found}
          keyOf={({ name }) => name}
          onOpen={({ name }) => go(name === open ? places.server(server.name) : places.tool(server.name, name))}
          columns={[
            { head: 'Tool', cell: ({ name }) => <Name server={server.name} tool={name} open={name === open} /> },
            { head: 'Action', width: '120px', cell: ({ action }) => <ActionBadge action={action} plain /> },
            { head: 'Classification', width: '120px', spare: 'third', cell: ({ classification }) => classification },
            { head: 'Tier', width: '56px', end: true, cell: ({ tier }) => tier },
            { head: 'Tags', spare: 'third', cell: ({ tags }) => <Tags tags={tags} /> },
            {
              head: 'Repeatable',
              width: '96px',
              spare: 'third',
              cell: ({ repeatable }) => (repeatable ? 'yes' : 'no'),
            },
            {
              head: 'Definition',
              width: '132px',
              cell: ({ name, fingerprint }) => (
                <Fingerprint fingerprint={fingerprint} held={held_tools.includes(name)} />
              ),
            },
          ]}
        />
        {found.length === 0 && <p className="p-4 text-center text-muted">No tool of this name.</p>}
      </Card>
    </div>
  )
}

function matches(text: string, wanted: string): boolean {
  return text.toLowerCase().includes(wanted.trim().toLowerCase())
}

function Name({ server, tool, open }: { server: string; tool: string; open: boolean }) {
  return (
    <Link
      href={open ? places.server(server) : places.tool(server, tool)}
      aria-expanded={open}
      className={`font-mono text-code hover:text-accent-text hover:underline ${open ? 'text-accent-text' : ''}`}
    >
      <VisibleText text={tool} />
    </Link>
  )
}

function Tags({ tags }: { tags: readonly string[] }) {
  if (tags.length === 0) return <span className="text-faint">–</span>
  return (
    <span className="flex flex-wrap gap-1">
      {tags.map((tag) => (
        <Badge key={tag}>{tag}</Badge>
      ))}
    </span>
  )
}
