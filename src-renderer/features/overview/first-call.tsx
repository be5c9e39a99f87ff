import { ArrowRight } from 'lucide-react'
import { useLocation } from 'wouter'
import type { CallRow } from '../../../shared/activity.ts'
import type { StatusView } from '../../../shared/calls.ts'
import { OpenApprovalsButton } from '../../parts/open-approvals-button.tsx'
import { places } from '../../places.ts'
import { lookOfCall } from '../../say/call-outcome.ts'
import { AskedFor } from '../../show/asked-for.tsx'
import { Button } from '../../ui/button.tsx'
import { Chip } from '../../ui/chip.tsx'
import { Hint } from '../../ui/hint.tsx'
import { Time } from '../../ui/time.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'

type FirstCallProps = { calls: readonly CallRow[]; servers: StatusView['servers'] }

/** Waits for a call and then shows how it was decided. */
export function FirstCall({ calls, servers }: FirstCallProps) {
  const [newest] = calls
  const server = servers.find(({ state }) => state === 'approved')?.name ?? 'the server'
  return (
    <div aria-live="polite">
      {newest ? (
        <Decided call={newest} />
      ) : (
        <div className="flex flex-col gap-3">
          <p>
            Ask your client for something that needs a tool of {server}, such as “Use {server} to show me what it can
            do.”
          </p>
          <p className="flex items-center gap-2 text-muted">
            <span className="size-2 animate-pulse rounded-full bg-accent" aria-hidden="true" />
            Waiting for the first call …
          </p>
        </div>
      )}
    </div>
  )
}

function Decided({ call }: { call: CallRow }) {
  const [, go] = useLocation()
  const { tone, word } = lookOfCall(call)
  return (
    <div className="flex flex-col gap-2 rounded-md border border-line p-3">
      <p className="flex flex-wrap items-center gap-2">
        <Chip tone={tone} word={word} />
        <span className="font-strong">
          <VisibleText text={call.client.name} />
        </span>
        <span>
          <AskedFor server={call.server} kind={call.kind} name={call.tool} />
        </span>
        <span className="text-muted">
          <Time at={call.started_at} />
        </span>
      </p>
      {call.reason && (
        <p className="text-muted">
          <Hint text={call.reason} />
        </p>
      )}
      <p className="flex flex-wrap gap-2">
        {call.state === 'held' && (
          <OpenApprovalsButton at="/" look="primary">
            Answer
          </OpenApprovalsButton>
        )}
        <Button onClick={() => go(places.call(call.call_id))}>
          Open its record
          <ArrowRight size={14} aria-hidden="true" />
        </Button>
      </p>
    </div>
  )
}
