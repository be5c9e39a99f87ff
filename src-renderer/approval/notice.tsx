import { clsx } from 'clsx'
import type { ReactNode } from 'react'
import { type Tone, tones } from '../ui/tone.tsx'

/** A remark that must not be missed, in its hue and with its icon. */
export function Notice({ tone, children, action }: { tone: Tone; children: ReactNode; action?: ReactNode }) {
  const { Icon, box } = tones[tone]
  return (
    <div className={clsx('flex gap-2 rounded-md border px-3 py-2', box)}>
      <Icon className="mt-0.5 shrink-0" />
      <div className="min-w-0 flex-1 text-ink">{children}</div>
      {action}
    </div>
  )
}
