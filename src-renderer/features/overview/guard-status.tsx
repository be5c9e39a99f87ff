import { clsx } from 'clsx'
import { useLocation } from 'wouter'
import type { StatusView } from '../../../shared/calls.ts'
import { OpenApprovalsButton } from '../../parts/open-approvals-button.tsx'
import { places } from '../../places.ts'
import { Button } from '../../ui/button.tsx'
import { GuardedIcon } from '../../ui/icons.tsx'
import { Time } from '../../ui/time.tsx'
import { tones } from '../../ui/tone.tsx'
import type { Need } from './needs.ts'

type GuardStatusProps = {
  status: StatusView
  needs: readonly Need[]
  /** Nothing has come through yet, and the first steps say what to do. */
  idle: boolean
}

/** One sentence: is everything guarded; below it, by how much. */
export function GuardStatus({ status, needs, idle }: GuardStatusProps) {
  const [, go] = useLocation()
  const worst = needs.find(({ tone }) => tone === 'denied')
  const tone = worst ? 'denied' : needs.length > 0 ? 'asked' : idle ? 'observed' : 'allowed'
  const { box, icon, Icon: ToneIcon } = tones[tone]
  const Icon = tone === 'allowed' || tone === 'observed' ? GuardedIcon : ToneIcon
  return (
    <header className="flex items-center gap-4">
      <span className={clsx('grid size-12 shrink-0 place-items-center rounded-md border', box)}>
        <Icon size={26} className={icon} />
      </span>
      <div className="min-w-0 flex-1">
        <h1 className="text-title">{sentence(needs, worst, idle)}</h1>
        <p className="text-muted">
          {guards(status)}; started <Time at={status.started_at} />
        </p>
      </div>
      {!idle && (
        <>
          <OpenApprovalsButton at="/observe" look="ghost">
            Observe mode
          </OpenApprovalsButton>
          <Button look="ghost" onClick={() => go(places.incidents)}>
            Incidents
          </Button>
          <Button look="ghost" onClick={() => go(places.start)}>
            First steps
          </Button>
        </>
      )}
    </header>
  )
}

function sentence(needs: readonly Need[], worst: Need | undefined, idle: boolean): string {
  if (worst) return worst.title
  if (needs.length > 0 && !idle) {
    return needs.length === 1 ? 'Guarded, and one thing needs you' : `Guarded, and ${needs.length} things need you`
  }
  return idle ? 'Nothing goes through Toolgate yet' : 'Everything through Toolgate is guarded'
}

function guards({ servers, policy }: StatusView): string {
  const approved = servers.filter(({ state }) => state === 'approved')
  const tools = approved.reduce((sum, { tools }) => sum + tools, 0)
  const count = (number: number, one: string, many: string) => `${number} ${number === 1 ? one : many}`
  const rules = policy.snapshot === null ? 'no policy' : count(policy.rules, 'rule', 'rules')
  return `${count(tools, 'tool', 'tools')} of ${count(approved.length, 'approved server', 'approved servers')}, ${rules} in force`
}
