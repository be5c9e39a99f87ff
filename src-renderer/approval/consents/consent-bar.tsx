import { useEffect, useRef, useState } from 'react'
import { consentDurations } from '../../../shared/consent-words.ts'
import type { ConsentAnswer, ConsentView } from '../../../shared/consents.ts'
import { Button } from '../../ui/button.tsx'
import { ArmingRing } from '../requests/arming-ring.tsx'
import { TimeLeft } from '../requests/time-left.tsx'
import { useKeys } from '../requests/use-keys.ts'

type ConsentBarProps = {
  view: ConsentView
  armed: boolean
  armingMs: number
  busy: boolean
  onAnswer: (answer: ConsentAnswer) => Promise<void>
}

const durations = ['once', 'always'] as const

/** Time left, for how long, and the answer. Deny has the focus; Allow wakes up a moment after the request appeared. */
export function ConsentBar({ view, armed, armingMs, busy, onAnswer }: ConsentBarProps) {
  const [duration, setDuration] = useState<'once' | 'always'>('once')
  const deny = useRef<HTMLButtonElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is shown anew has the focus on Deny again
  useEffect(() => {
    // Whoever chooses for whom it works goes on choosing, and allows nothing by that.
    if (!(document.activeElement instanceof HTMLSelectElement)) deny.current?.focus({ preventScroll: true })
  }, [view.id, view.shown_hash])
  useKeys((deed) => {
    if (deed === 'deny') void onAnswer('deny')
    if (deed === 'allow' && armed) void onAnswer(duration)
  })
  return (
    <footer className="flex shrink-0 flex-col gap-2 border-line border-t bg-surface px-4 pt-2 pb-3">
      <fieldset className="flex flex-col gap-1">
        <legend className="sr-only">For how long</legend>
        {durations.map((value) => (
          <label key={value} className="flex items-center gap-2">
            <input
              type="radio"
              name="duration"
              checked={duration === value}
              onChange={() => setDuration(value)}
              className="size-3.5 shrink-0 accent-accent"
            />
            <span>
              {consentDurations[value][0]} <span className="text-muted">· {consentDurations[value][1]}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <TimeLeft from={view.asked_at} until={view.expires_at} />
      <div className="grid grid-cols-2 gap-2">
        <Button
          ref={deny}
          size="large"
          kbd="Esc"
          loading={busy}
          onClick={() => void onAnswer('deny')}
          aria-keyshortcuts="Escape"
        >
          Deny
        </Button>
        <Button
          look="primary"
          size="large"
          kbd="Mod+Enter"
          disabled={!armed}
          loading={busy}
          icon={armed ? undefined : <ArmingRing key={view.shown_hash} ms={armingMs} />}
          onClick={() => void onAnswer(duration)}
          aria-keyshortcuts="Control+Enter Meta+Enter"
        >
          {duration === 'once' ? 'Allow for an hour' : 'Allow always'}
        </Button>
      </div>
    </footer>
  )
}
