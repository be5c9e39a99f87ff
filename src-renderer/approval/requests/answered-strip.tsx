import { clsx } from 'clsx'
import { useEffect } from 'react'
import { requestDeed } from '../../say/request-sentence.ts'
import { AllowedIcon, DeniedIcon } from '../../ui/icons.tsx'
import { Sentence } from '../../ui/sentence.tsx'
import type { QueueAction, QueueState } from './queue-state.ts'

const shownMs = 6_000

function headOf({ answer, how }: NonNullable<QueueState['answered']>): string {
  if (answer === 'deny') return 'Denied'
  return {
    once: 'Allowed once',
    longer: 'Allowed, and more like it',
    edited: 'Allowed as you edited it',
    part: 'Your yes counts, and waits for somebody else',
  }[how]
}

type StripProps = { answered: QueueState['answered']; home: string | null; dispatch: (action: QueueAction) => void }

/** What was answered last, for a moment, and aloud for those who listen. */
export function AnsweredStrip({ answered, home, dispatch }: StripProps) {
  useEffect(() => {
    if (!answered) return
    const timer = setTimeout(() => dispatch({ type: 'answer-seen' }), shownMs)
    return () => clearTimeout(timer)
  }, [answered, dispatch])
  const allowed = answered?.answer === 'approve'
  const Icon = allowed ? AllowedIcon : DeniedIcon
  return (
    <div role="status" aria-label="Last answer">
      {answered && (
        <p
          className={clsx(
            'flex gap-2 border-b px-4 py-1.5',
            allowed ? 'border-allowed-line bg-allowed-fill' : 'border-denied-line bg-denied-fill',
          )}
        >
          <Icon className={clsx('mt-0.5 shrink-0', allowed ? 'text-allowed-text' : 'text-denied-text')} />
          <span className="line-clamp-2">
            <b>{headOf(answered)}:</b> {answered.view.client.name}{' '}
            {answered.how === 'part' ? 'wants to ' : allowed ? 'may ' : 'may not '}
            <Sentence parts={requestDeed(answered.view, home)} />
          </span>
        </p>
      )}
    </div>
  )
}
