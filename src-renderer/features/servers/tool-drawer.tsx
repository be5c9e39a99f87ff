import { useState } from 'react'
import type { Output } from '../../../shared/calls.ts'
import type { ServerView, ToolReview } from '../../../shared/server.ts'
import { GrantsOf } from '../../parts/grants-of.tsx'
import { OpenApprovalsButton } from '../../parts/open-approvals-button.tsx'
import { places } from '../../places.ts'
import { ActionBadge } from '../../show/action-badge.tsx'
import { Button } from '../../ui/button.tsx'
import { CopyButton, CopyText } from '../../ui/copy-text.tsx'
import { Drawer } from '../../ui/drawer.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Hint } from '../../ui/hint.tsx'
import { JsonView } from '../../ui/json-view.tsx'
import { Quote } from '../../ui/quote.tsx'
import { ErrorState, Skeleton } from '../../ui/states.tsx'
import { TextDiff } from '../../ui/text-diff.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'
import { useCall } from '../../use-call.ts'
import { descriptionOf } from './description-of.ts'
import { Fingerprint } from './fingerprint.tsx'
import { ToolWorkflow } from './tool-workflow.tsx'

type ToolDrawerProps = { server: ServerView; tool: ToolReview; alone: boolean; onClose: () => void }
type Definition = Output<'servers.definitions'>[number]

/** One tool: what was decided about it, its definition as pinned, and when it is held, what changed, meaning first. */
export function ToolDrawer({ server, tool, alone, onClose }: ToolDrawerProps) {
  const { value, error, refresh } = useCall('servers.definitions', { name: server.name }, ['servers'])
  const definition = value?.find(({ name }) => name === tool.name)
  return (
    <Drawer
      label={`Tool ${tool.name}`}
      alone={alone}
      title={
        <code>
          <VisibleText text={tool.name} />
        </code>
      }
      onClose={onClose}
    >
      <div className="flex flex-col gap-5">
        {definition?.held && <HeldTool server={server.name} definition={definition} held={definition.held} />}
        <ToolWorkflow server={server} tool={tool.name} />
        <Facts facts={facts(server, tool)} />
        <GrantsOf server={server.name} tool={tool.name} />
        {definition ? (
          <Pinned server={server.name} definition={definition} />
        ) : error ? (
          <ErrorState
            compact
            title="Its definition cannot be shown"
            why={error.message}
            hint={error.hint}
            action={<Button onClick={refresh}>Try again</Button>}
          />
        ) : (
          <Skeleton className="h-64 w-full" />
        )}
      </div>
    </Drawer>
  )
}

function facts(server: ServerView, tool: ToolReview) {
  return [
    ['Server', server.name],
    ['Among all', <Shared key="shared" name={server.shared_names[server.tools.indexOf(tool)] ?? ''} />],
    ['Action', <ActionBadge key="action" action={tool.action} plain />],
    ...(tool.purpose === '' ? [] : [['Purpose', <VisibleText key="purpose" text={tool.purpose} />] as const]),
    ...(tool.owner === '' ? [] : [['Owner', <VisibleText key="owner" text={tool.owner} />] as const]),
    ['Module', tool.module === '' ? 'its namespace' : <VisibleText key="module" text={tool.module} />],
    ...(tool.sql_argument === null ? [] : [['SQL in', <VisibleText key="sql" text={tool.sql_argument} />] as const]),
    ['Classification', tool.classification],
    ['Tier', tool.tier],
    ['Tags', tool.tags.length === 0 ? '–' : <VisibleText key="tags" text={tool.tags.join(', ')} />],
    ['Repeatable', tool.repeatable ? 'yes: a failed call may be tried again' : 'no: never tried again by itself'],
    [
      'Definition',
      <Fingerprint key="state" fingerprint={tool.fingerprint} held={server.held_tools.includes(tool.name)} />,
    ],
    ['Fingerprint', <CopyText key="fingerprint" text={tool.fingerprint} />],
  ] as const
}

/** What clients that have all servers at once call it. */
function Shared({ name }: { name: string }) {
  return (
    <span className="inline-flex items-center gap-0.5">
      <code className="break-all">{name}</code>
      <CopyButton text={name} label="Copy the name" />
    </span>
  )
}

function Pinned({ server, definition: { pinned } }: { server: string; definition: Definition }) {
  const description = descriptionOf(pinned)
  return (
    <>
      {description !== null && <Quote text={description} from={`${server}, as reviewed`} />}
      <section aria-label="Pinned definition" className="flex flex-col gap-2">
        <h3>Definition as reviewed</h3>
        <JsonView text={pinned} label="Definition as reviewed" />
      </section>
    </>
  )
}

type HeldToolProps = { server: string; definition: Definition; held: NonNullable<Definition['held']> }

function HeldTool({ server, definition, held }: HeldToolProps) {
  const [look, setLook] = useState<'split' | 'inline'>('inline')
  return (
    <section aria-label="What changed in this tool" className="flex flex-col gap-3">
      <div className="rounded-md border border-asked-line bg-asked-fill p-3">
        <p className="font-strong text-asked-text">Held: it changed since the review</p>
        <ul className="mt-1 list-disc pl-5">
          {held.changes.map((change) => (
            <li key={change}>
              <Hint text={change} />
            </li>
          ))}
        </ul>
        <div className="mt-3">
          <OpenApprovalsButton at={places.server(server)} size="small">
            Review again
          </OpenApprovalsButton>
        </div>
      </div>
      <div className="flex items-center justify-between">
        <h3>Definition, then and now</h3>
        <Button size="small" look="ghost" onClick={() => setLook(look === 'split' ? 'inline' : 'split')}>
          {look === 'split' ? 'Below each other' : 'Side by side'}
        </Button>
      </div>
      <TextDiff before={definition.pinned} after={held.live} names={['As reviewed', 'Now']} look={look} />
    </section>
  )
}
