import { launchWarnings, launchWord } from '../../../shared/launch.ts'
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
      <CodeBlock label="command" text={[launch.command, ...launch.args].map(launchWord).join(' ')} whole />
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
          [
            'Folder',
            <code key="folder">
              <VisibleText text={launch.cwd} />
            </code>,
          ],
          ['Variables', <Names key="variables" names={launch.env_names} none="none of its own" />],
          ['Trust', trust[trust_level]],
          ['Environment', <VisibleText key="environment" text={environment || 'not named: counts as prod'} />],
          ['Risk tags', <Names key="tags" names={risk_tags} none="none" />],
        ]}
      />
      <p className="text-faint">It runs as you: without a sandbox it can do whatever you can.</p>
    </section>
  )
}

function Names({ names, none }: { names: readonly string[]; none: string }) {
  if (names.length === 0) return none
  return (
    <code>
      <VisibleText text={names.join(', ')} />
    </code>
  )
}
