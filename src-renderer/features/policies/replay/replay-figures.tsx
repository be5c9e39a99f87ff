import { clsx } from 'clsx'
import type { PolicyReplay } from '../../../../shared/policy-tools.ts'
import { tones } from '../../../ui/tone.tsx'
import { replayParts } from './replay-parts.ts'

/** How many calls would have ended in which way. */
export function ReplayFigures({ replay }: { replay: PolicyReplay }) {
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-md border border-line bg-line @xl:grid-cols-3 @4xl:grid-cols-6">
      {replayParts(replay).map(({ id, tone, words, count }) => {
        const { Icon, text } = tones[tone]
        return (
          <div key={id} className="flex flex-col-reverse justify-end gap-0.5 bg-raised px-3 py-2.5">
            <dt className="text-muted">{words}</dt>
            <dd
              className={clsx('flex items-center gap-1.5 text-title tabular-nums', count > 0 && id !== 'same' && text)}
            >
              {count > 0 && id !== 'same' && <Icon size={16} />}
              {count.toLocaleString('en')}
            </dd>
          </div>
        )
      })}
    </dl>
  )
}
