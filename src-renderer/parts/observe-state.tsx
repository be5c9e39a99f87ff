import { Eye } from 'lucide-react'
import type { ObserveView } from '../../shared/observe.ts'
import { observePlace, relaxedWords } from '../say/observe.ts'
import { Card, Section } from '../ui/card.tsx'
import { Chip } from '../ui/chip.tsx'
import { Time } from '../ui/time.tsx'
import { useCall } from '../use-call.ts'
import { ObserveEnd } from './observe-end.tsx'
import { OpenApprovalsButton } from './open-approvals-button.tsx'

/** Whether calls to a server are only observed, and the ways to begin and to end that. */
export function ObserveState({ server }: { server: string }) {
  const { value: status } = useCall('status', {}, ['status'])
  if (!status) return null
  const on = status.observing.find(({ scope, name }) => scope === 'server' && name === server)
  const all = status.observing.find(({ scope }) => scope === 'all')
  const at = observePlace('server', server)
  return (
    <Section title="Observe mode">
      <Card className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
        <div className="min-w-0 flex-1">{on || all ? <On view={on ?? (all as ObserveView)} /> : <Off />}</div>
        {on && <ObserveEnd view={on} />}
        <OpenApprovalsButton at={at} look={on ? 'ghost' : 'secondary'} icon={<Eye size={14} aria-hidden="true" />}>
          {on ? 'Renew' : 'Observe its calls'}
        </OpenApprovalsButton>
      </Card>
    </Section>
  )
}

function On({ view }: { view: ObserveView }) {
  return (
    <>
      <p className="flex flex-wrap items-center gap-2">
        <Chip tone="observed" />
        <span>
          {view.scope === 'all' ? 'As every call is, u' : 'U'}ntil <Time at={view.expires_at} />; {relaxedWords(view)}.
        </span>
      </p>
      <p className="text-muted">What policy would ask about, bound or deny for want of a rule runs and is recorded.</p>
    </>
  )
}

function Off() {
  return (
    <p className="text-muted">
      Policy decides every call. To see what it would stop before it does, let calls run and be recorded for a while.
    </p>
  )
}
