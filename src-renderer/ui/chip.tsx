import { clsx } from 'clsx'
import type { ReactNode } from 'react'
import { type Tone, tones } from './tone.tsx'
import { Tooltip } from './tooltip.tsx'

type ChipProps = {
  tone: Tone
  /** Replaces the tone's own word. */
  word?: string
  /** Rule and reason, on hover. */
  tip?: ReactNode
}

/** A decision or state as icon and word in its hue; the colour alone never carries the meaning. */
export function Chip({ tone, word, tip }: ChipProps) {
  const { Icon, box, word: own } = tones[tone]
  const chip = (
    <span
      className={clsx(
        'inline-flex h-5 shrink-0 items-center gap-1 whitespace-nowrap rounded-sm border pr-1.5 pl-1 font-strong text-small',
        box,
      )}
    >
      <Icon size={12} />
      {word ?? own}
    </span>
  )
  return tip ? <Tooltip text={tip}>{chip}</Tooltip> : chip
}
