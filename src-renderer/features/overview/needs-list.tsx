import { clsx } from 'clsx'
import { ArrowRight } from 'lucide-react'
import { useLocation } from 'wouter'
import { OpenApprovalsButton } from '../../parts/open-approvals-button.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Hint } from '../../ui/hint.tsx'
import { tones } from '../../ui/tone.tsx'
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
  if ('approvals' in action) return <OpenApprovalsButton at={action.approvals}>{action.words}</OpenApprovalsButton>
  return (
    <Button onClick={() => go(action.to)}>
      {action.words}
      <ArrowRight size={14} aria-hidden="true" />
    </Button>
  )
}
