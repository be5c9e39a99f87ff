import { clsx } from 'clsx'
import { Check, Pencil, Trash2 } from 'lucide-react'
import { useRef } from 'react'
import { Link, useLocation } from 'wouter'
import type { ServerView } from '../../../shared/server.ts'
import { GrantsOf } from '../../parts/grants-of.tsx'
import { ObserveState } from '../../parts/observe-state.tsx'
import { OpenApprovalsButton } from '../../parts/open-approvals-button.tsx'
import { StopCalls } from '../../parts/stop-calls.tsx'
import { isAt, places } from '../../places.ts'
import { serverState } from '../../say/server-state.ts'
import { Button } from '../../ui/button.tsx'
import { Card, Section } from '../../ui/card.tsx'
import { Chip } from '../../ui/chip.tsx'
import { Hint } from '../../ui/hint.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { useWidth } from '../../ui/use-width.ts'
import { VisibleText } from '../../ui/visible-text.tsx'
import { useCall } from '../../use-call.ts'
import { ChangesSection } from './changes-section.tsx'
import { RunSection } from './run-section.tsx'
import { ServerFacts } from './server-facts.tsx'
import { SignInSection } from './sign-in-section.tsx'
import { ToolDrawer } from './tool-drawer.tsx'
import { ToolsTable } from './tools-table.tsx'

/** Below this width the drawer takes the place of the page. */
const roomForBoth = 720

/** One server: what it runs, what was approved, and its tools; the tool that the address names is open beside it. */
export function ServerPage({ server }: { server: ServerView }) {
  const [location, go] = useLocation()
  const { name, tools } = server
  const open = tools.find((tool) => isAt(location, places.tool(name, tool.name)))
  const { tone, word, means } = serverState(server)
  const page = useRef<HTMLDivElement>(null)
  const { value: runs } = useCall('servers.runs', {}, ['servers'])
  const run = runs?.find((it) => it.name === name)
  const alone = useWidth(page) < roomForBoth && open !== undefined
  return (
    <div ref={page} className="flex h-full min-w-0">
      {alone && <h1 className="sr-only">{name}</h1>}
      <div className={clsx('@container min-w-0 flex-1 flex-col gap-6 overflow-auto p-6', alone ? 'hidden' : 'flex')}>
        <header className="flex flex-wrap items-start justify-between gap-x-4 gap-y-3">
          <div className="min-w-0">
            <p className="text-muted">
              <Link href={places.servers} className="hover:text-ink hover:underline">
                Servers
              </Link>{' '}
              ›
            </p>
            <h1 className="flex flex-wrap items-center gap-2 text-title">
              {name} <Chip tone={tone} word={word} tip={means} />
            </h1>
          </div>
          <Actions server={server} />
        </header>
        <ChangesSection server={server} />
        <OddNames server={server} />
        {run && (server.approved_at !== null || run.processes.length > 0) && <RunSection run={run} />}
        <ServerFacts server={server} />
        {server.sign_in && <SignInSection name={name} view={server.sign_in} />}
        {server.state !== 'registered' && <ObserveState server={name} />}
        <GrantsOf server={name} />
        <Section title={tools.length === 0 ? 'Tools' : `Tools (${tools.length})`}>
          {tools.length > 0 ? (
            <ToolsTable server={server} open={open?.name ?? null} />
          ) : (
            <Card>
              <NoTools server={server} />
            </Card>
          )}
        </Section>
      </div>
      {open && (
        <ToolDrawer key={open.name} server={server} tool={open} alone={alone} onClose={() => go(places.server(name))} />
      )}
    </div>
  )
}

function Actions({ server: { name, state, held_tools } }: { server: ServerView }) {
  const [, go] = useLocation()
  const at = places.server(name)
  const due = state !== 'approved' || held_tools.length > 0
  return (
    <div className="flex gap-2">
      <OpenApprovalsButton at={at} look={due ? 'primary' : 'secondary'} icon={<Check size={14} aria-hidden="true" />}>
        {state === 'registered' ? 'Review and approve' : 'Review again'}
      </OpenApprovalsButton>
      <Button look="ghost" icon={<Pencil size={14} aria-hidden="true" />} onClick={() => go(places.editServer(name))}>
        Change
      </Button>
      <StopCalls scope="server" name={name} />
      <OpenApprovalsButton at={at} look="ghost" icon={<Trash2 size={14} aria-hidden="true" />}>
        Remove
      </OpenApprovalsButton>
    </div>
  )
}

/** Names that cannot be read as they are written, or can be mistaken for others. */
function OddNames({ server: { odd_names } }: { server: ServerView }) {
  if (odd_names.length === 0) return null
  return (
    <section aria-label="Odd names" className="rounded-md border border-asked-line bg-asked-fill px-4 py-3">
      <h2 className="font-strong text-asked-text">Names to look at twice</h2>
      <ul className="list-disc pl-5 [overflow-wrap:anywhere]">
        {odd_names.map(({ tool, signs }) => (
          <li key={tool ?? ''}>
            {tool !== null && (
              <code>
                <VisibleText text={tool} />
              </code>
            )}{' '}
            <Hint text={signs.join('; ')} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function NoTools({ server: { name, state } }: { server: ServerView }) {
  if (state === 'approved') {
    return (
      <EmptyState title="No tool was approved">
        <p>The server offered none, or each was left out in the review.</p>
      </EmptyState>
    )
  }
  return (
    <EmptyState
      title="Nobody has reviewed this server"
      action={
        <OpenApprovalsButton at={places.server(name)} look="secondary">
          Review and approve
        </OpenApprovalsButton>
      }
    >
      <p>
        In the approval window it is asked for its tools, as it is shown above. What you approve is pinned: a tool that
        changes afterwards is held.
      </p>
    </EmptyState>
  )
}
