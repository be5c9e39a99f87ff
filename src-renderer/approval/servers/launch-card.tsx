import type { ReactNode } from 'react'
import { launchWarnings, launchWord, reachWords } from '../../../shared/launch.ts'
import { printable } from '../../../shared/printable.ts'
import type { ServerView } from '../../../shared/server.ts'
import { CodeBlock } from '../../ui/code-block.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Hint } from '../../ui/hint.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'
import { Notice } from '../notice.tsx'

const trust = {
  trusted: 'trusted: its calls count as less risky',
  restricted: 'restricted: the usual',
  sandbox: 'sandbox: its calls count as more risky',
} as const

/** Exactly what a server runs, nothing left out, and what is dangerous about its shape. */
export function LaunchCard({ server }: { server: ServerView }) {
  const { launch, trust_level, environment, risk_tags } = server
  const warnings = launchWarnings(launch)
  return (
    <section aria-label="What runs" className="flex flex-col gap-2">
      {launch.transport === 'http' ? (
        <CodeBlock label="address" text={printable(launch.url)} whole />
      ) : (
        <CodeBlock label="command" text={[launch.command, ...launch.args].map(launchWord).join(' ')} whole />
      )}
      {warnings.length > 0 && (
        <Notice tone="held">
          <ul className="flex flex-col gap-0.5">
            {warnings.map((warning) => (
              <li key={warning}>
                It <Hint text={warning} />.
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <Facts
        facts={[
          ...(launch.transport === 'http' ? remoteFacts(launch) : localFacts(launch)),
          ['Trust', trust[trust_level]],
          ['Environment', <VisibleText key="environment" text={environment || 'not named: counts as prod'} />],
          ['Risk tags', <Names key="tags" names={risk_tags} none="none" />],
        ]}
      />
      <p className="text-faint">
        {launch.transport === 'http'
          ? 'Toolgate does not run it: whoever does sees what calls say, and can change what it does at any time.'
          : 'It runs as you: without a sandbox it can do whatever you can.'}
      </p>
    </section>
  )
}

type Launch = ServerView['launch']
type LaunchFact = [label: string, value: ReactNode]

function localFacts(launch: Extract<Launch, { transport: 'stdio' }>): LaunchFact[] {
  return [
    [
      'Folder',
      <code key="folder">
        <VisibleText text={launch.cwd} />
      </code>,
    ],
    ['Variables', <Names key="variables" names={launch.env_names} none="none of its own" />],
  ]
}

function remoteFacts(launch: Extract<Launch, { transport: 'http' }>): LaunchFact[] {
  return [
    ['Reached on', reachWords[launch.reach]],
    ['Headers', <Names key="headers" names={launch.header_names} none="none of its own" />],
  ]
}

function Names({ names, none }: { names: readonly string[]; none: string }) {
  if (names.length === 0) return none
  return (
    <code>
      <VisibleText text={names.join(', ')} />
    </code>
  )
}
