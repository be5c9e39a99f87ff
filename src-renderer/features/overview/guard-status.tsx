import { clsx } from 'clsx'
import type { StatusView } from '../../../shared/calls.ts'
import { GuardedIcon } from '../../ui/icons.tsx'
import { Time } from '../../ui/time.tsx'
import { tones } from '../../ui/tone.tsx'
import type { Need } from './needs.ts'

/** One sentence: is everything guarded. */
export function GuardStatus({ status, needs }: { status: StatusView; needs: readonly Need[] }) {
  const worst = needs.find(({ tone }) => tone === 'denied')
  const tone = worst ? 'denied' : needs.length > 0 ? 'asked' : 'allowed'
  const { box, icon, Icon: ToneIcon } = tones[tone]
  const Icon = tone === 'allowed' ? GuardedIcon : ToneIcon
  return (
    <header className="flex items-center gap-4">
      <span className={clsx('grid size-12 shrink-0 place-items-center rounded-md border', box)}>
        <Icon size={26} className={icon} />
      </span>
      <div>
        <h1 className="text-title">{sentence(needs, worst)}</h1>
        <p className="text-muted">
          Toolgate {status.version}, started <Time at={status.started_at} />
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
