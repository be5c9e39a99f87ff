import { clsx } from 'clsx'
import type { StatusView } from '../../../shared/calls.ts'
import { Mark } from '../../ui/icons.tsx'
import { Time } from '../../ui/time.tsx'
import { tones } from '../../ui/tone.tsx'
import type { Need } from './needs.ts'

/** One sentence: is everything guarded. */
export function GuardStatus({ status, needs }: { status: StatusView; needs: readonly Need[] }) {
  const worst = needs.find(({ tone }) => tone === 'denied')
  const tone = worst ? 'denied' : needs.length > 0 ? 'asked' : 'allowed'
  return (
    <header className="flex items-center gap-4">
      <Mark size={44} className={clsx('shrink-0', tones[tone].text, '[&_.stroke-on-solid]:stroke-surface')} />
      <div>
        <h1 className="text-title">{sentence(needs, worst)}</h1>
        <p className="text-muted">
          Toolgate {status.version}, running since <Time at={status.started_at} />
        </p>
      </div>
    </header>
  )
}

function sentence(needs: readonly Need[], worst: Need | undefined): string {
  if (worst) return worst.title
  if (needs.length === 0) return 'Everything is guarded'
  return needs.length === 1 ? 'Guarded, and one thing needs you' : `Guarded, and ${needs.length} things need you`
}
