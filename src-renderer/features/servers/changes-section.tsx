import { Ban } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Link } from 'wouter'
import type { ServerView } from '../../../shared/server.ts'
import type { ServerChange } from '../../../shared/server-change.ts'
import { type CallFailure, call } from '../../call.ts'
import { OpenApprovalsButton } from '../../parts/open-approvals-button.tsx'
import { places } from '../../places.ts'
import { Button } from '../../ui/button.tsx'
import { Hint } from '../../ui/hint.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { TextDiff } from '../../ui/text-diff.tsx'
import { Time } from '../../ui/time.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'
import { asFailure, useCall } from '../../use-call.ts'

/** All that is not as it was approved of a server, meaning first, with what to do about all of it at once. */
export function ChangesSection({ server }: { server: ServerView }) {
  const { value } = useCall('servers.changes', { name: server.name }, ['servers'])
  const [change] = value ?? []
  if (!change) return null
  return <Changes key={server.name} change={change} />
}

function Changes({ change }: { change: ServerChange }) {
  const { server, runs, instructions, tools, new_tools, denied } = change
  const open = openIn(change)
  const some = open.tools.length > 0 || open.server || open.instructions
  return (
    <section
      aria-label="What changed"
      className="flex flex-col gap-3 rounded-md border border-asked-line bg-asked-fill px-4 py-3"
    >
      <h2 className="font-strong text-asked-text">{some ? undecided(open) : 'Denied, so it stays refused'}</h2>
      {runs.length > 0 && <Words title="What it runs" words={runs} />}
      {instructions && (
        <div className="flex flex-col gap-2">
          <Words title="What it tells every model" words={instructions.changes} />
          <TextDiff
            before={instructions.approved ?? ''}
            after={instructions.now}
            names={['As it was approved', 'As it is now']}
            look="inline"
          />
        </div>
      )}
      {tools.map(({ tool, changes }) => (
        <Words
          key={tool}
          title={
            <Link href={places.tool(server, tool)} className="font-mono text-code underline">
              <VisibleText text={tool} />
            </Link>
          }
          words={changes}
        />
      ))}
      {new_tools.length > 0 && <NewTools tools={new_tools} />}
      {denied.length > 0 && <Denied denied={denied} />}
      <Decide server={server} open={open} some={some} />
    </section>
  )
}

/** What is held as long as nobody decides. */
function undecided({ tools, server, instructions }: ReturnType<typeof openIn>): string {
  if (server) return 'It would not run what was approved, so its calls are refused until you decide'
  if (tools.length === 0)
    return 'Its instructions are not those that were approved, so they are withheld until you decide'
  const held = tools.length === 1 ? 'One of its tools is' : `${tools.length} of its tools are`
  return `${held} refused until you decide${instructions ? ', and its instructions withheld' : ''}; the others can be called`
}

/** What is not denied already. */
function openIn({ runs, instructions, tools, new_tools, denied }: ServerChange) {
  const refused = new Set(denied.map(({ what, tool }) => tool ?? `the ${what}`))
  return {
    tools: [...tools, ...new_tools].map(({ tool }) => tool).filter((tool) => !refused.has(tool)),
    server: runs.length > 0 && !refused.has('the server'),
    instructions: instructions !== null && !refused.has('the instructions'),
  }
}

function Words({ title, words }: { title: ReactNode; words: readonly string[] }) {
  return (
    <div>
      <h3 className="font-strong">{title}</h3>
      <ul className="list-disc pl-5 [overflow-wrap:anywhere]">
        {words.map((text) => (
          <li key={text}>
            <Hint text={text} />
          </li>
        ))}
      </ul>
    </div>
  )
}

function NewTools({ tools }: { tools: ServerChange['new_tools'] }) {
  return (
    <div>
      <h3 className="font-strong">
        {tools.length === 1 ? 'One tool that nobody approved' : `${tools.length} tools that nobody approved`}
      </h3>
      <ul className="list-disc pl-5 [overflow-wrap:anywhere]">
        {tools.map(({ tool, signs }) => (
          <li key={tool}>
            <code>
              <VisibleText text={tool} />
            </code>
            {signs.map((sign) => (
              <span key={sign} className="block text-asked-text">
                <Hint text={sign} />
              </span>
            ))}
          </li>
        ))}
      </ul>
    </div>
  )
}

function Denied({ denied }: { denied: ServerChange['denied'] }) {
  return (
    <div>
      <h3 className="font-strong">Denied</h3>
      <ul className="list-disc pl-5 [overflow-wrap:anywhere]">
        {denied.map(({ what, tool, at, by, reason }) => (
          <li key={`${what} ${tool}`}>
            {tool === null ? what === 'server' ? 'what it runs' : 'its instructions' : <VisibleText text={tool} />}, by{' '}
            {by} <Time at={at} />
            {reason !== '' && (
              <>
                : <VisibleText text={reason} />
              </>
            )}
          </li>
        ))}
      </ul>
    </div>
  )
}

type DecideProps = { server: string; open: ReturnType<typeof openIn>; some: boolean }

/** Approving needs a person at the approval page; saying no needs nobody. */
function Decide({ server, open, some }: DecideProps) {
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<CallFailure | null>(null)
  const deny = () => {
    setBusy(true)
    setFailure(null)
    call('servers.deny', { name: server, ...open, reason: '' })
      .catch((error: unknown) => setFailure(asFailure(error)))
      .finally(() => setBusy(false))
  }
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-2">
        <OpenApprovalsButton at={places.server(server)} look="secondary">
          Review and approve
        </OpenApprovalsButton>
        {some && (
          <Button loading={busy} icon={<Ban size={14} aria-hidden="true" />} onClick={deny}>
            Deny all of it
          </Button>
        )}
        <span className="text-muted">What is denied stays refused, until a review approves it after all.</span>
      </div>
      {failure && <ErrorState compact title="Nothing was denied" why={failure.message} hint={failure.hint} />}
    </div>
  )
}
