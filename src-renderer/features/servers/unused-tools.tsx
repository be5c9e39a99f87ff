import { useState } from 'react'
import type { UnusedTool } from '../../../shared/tool-approval.ts'
import { type CallFailure, call } from '../../call.ts'
import { Button } from '../../ui/button.tsx'
import { Card, Section } from '../../ui/card.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'
import { asFailure, useCall } from '../../use-call.ts'

/** Reviewed tools that nobody called for a quarter, by server, and the one action that takes them away. */
export function UnusedTools() {
  const { value: unused = [] } = useCall('tools.unused', {}, ['servers'])
  const servers = [...new Set(unused.map(({ server }) => server))]
  if (servers.length === 0) return null
  return (
    <Section title="Not used for a quarter">
      <Card className="divide-y divide-line">
        {servers.map((server) => (
          <OfServer key={server} server={server} tools={unused.filter((it) => it.server === server)} />
        ))}
      </Card>
    </Section>
  )
}

function OfServer({ server, tools }: { server: string; tools: UnusedTool[] }) {
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<CallFailure | null>(null)
  const retire = () => {
    setBusy(true)
    setFailure(null)
    call('tools.retire', { server, tools: tools.map(({ tool }) => tool) })
      .catch((error: unknown) => setFailure(asFailure(error)))
      .finally(() => setBusy(false))
  }
  return (
    <div className="flex flex-col gap-2 px-4 py-3">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div>
          <h3 className="font-strong">{server}</h3>
          <ul className="text-muted">
            {tools.map(({ tool, last_used }) => (
              <li key={tool}>
                <code>
                  <VisibleText text={tool} />
                </code>{' '}
                {last_used ? (
                  <>
                    last called <Time at={last_used} />
                  </>
                ) : (
                  'never called'
                )}
              </li>
            ))}
          </ul>
        </div>
        <Button loading={busy} onClick={retire}>
          Take {tools.length === 1 ? 'its' : 'their'} approval away
        </Button>
      </div>
      {failure && <ErrorState compact title="Nothing was taken away" why={failure.message} hint={failure.hint} />}
    </div>
  )
}
