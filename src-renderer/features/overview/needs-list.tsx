import { clsx } from 'clsx'
import { ArrowRight, ExternalLink } from 'lucide-react'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { openApprovals } from '../../open-approvals.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Hint } from '../../ui/hint.tsx'
import { toast } from '../../ui/toast.tsx'
import { tones } from '../../ui/tone.tsx'
import { asFailure } from '../../use-call.ts'
import type { Need } from './needs.ts'

/** What needs the person, each with the button that leads there. */
export function NeedsList({ needs }: { needs: readonly Need[] }) {
  return (
    <Card>
      <ul className="divide-y divide-line">
        {needs.map((need) => (
          <Row key={need.title} need={need} />
        ))}
      </ul>
    </Card>
  )
}

function Row({ need: { tone, title, why, action } }: { need: Need }) {
  const { Icon, icon } = tones[tone]
  return (
    <li className="flex min-h-14 items-center gap-3 py-2 pr-3 pl-4">
      <Icon size={18} className={clsx('shrink-0', icon)} />
      <p className="min-w-0 flex-1">
        <span className="font-strong">{title}</span>
        <span className="block text-muted">
          <Hint text={why} />
        </span>
      </p>
      {action && <Action action={action} />}
    </li>
  )
}

function Action({ action }: { action: NonNullable<Need['action']> }) {
  const [, go] = useLocation()
  const [busy, setBusy] = useState(false)
  if ('to' in action) {
    return (
      <Button onClick={() => go(action.to)}>
        {action.words}
        <ArrowRight size={14} aria-hidden="true" />
      </Button>
    )
  }
  const open = () => {
    setBusy(true)
    openApprovals(action.approvals)
      .catch((error: unknown) => {
        const { message, hint } = asFailure(error)
        toast({ title: message, detail: hint, tone: 'denied' })
      })
      .finally(() => setBusy(false))
  }
  return (
    <Button onClick={open} loading={busy}>
      {action.words}
      <ExternalLink size={14} aria-hidden="true" />
    </Button>
  )
}
