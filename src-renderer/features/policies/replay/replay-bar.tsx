import { clsx } from 'clsx'
import type { PolicyReplay } from '../../../../shared/policy-tools.ts'
import { tones } from '../../../ui/tone.tsx'
import { replayParts } from './replay-parts.ts'

/** What a replay found as one bar; the numbers stand beside it, so that it says nothing alone. */
export function ReplayBar({ replay }: { replay: PolicyReplay }) {
  const parts = replayParts(replay).filter(({ count }) => count > 0)
  return (
    <div className="flex h-2 gap-px overflow-hidden rounded-full bg-line" aria-hidden="true">
      {parts.map(({ id, tone, count }) => (
        <span
          key={id}
          className={clsx('min-w-1', id === 'same' ? 'bg-line-strong' : tones[tone].bar)}
          style={{ flexGrow: count, flexBasis: 0 }}
        />
      ))}
    </div>
  )
}
