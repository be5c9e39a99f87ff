import type { ObserveView } from '../../shared/observe.ts'
import { observedCalls } from '../say/observe.ts'
import { Time } from '../ui/time.tsx'

/** What observe mode means right now, in a sentence. */
export function ObserveSentence({ observing }: { observing: readonly ObserveView[] }) {
  const everything = observing.some(({ scope }) => scope === 'all')
  const calls = everything ? 'every call' : observing.map(observedCalls).join(', ')
  const last =
    observing
      .map(({ expires_at }) => expires_at)
      .toSorted()
      .at(-1) ?? ''
  return (
    <>
      {`${calls.charAt(0).toUpperCase()}${calls.slice(1)} ${everything ? 'runs' : 'run'}`} even where policy would ask,
      bound or deny for want of a rule, until <Time at={last} />
      {observing.length > 1 && ' at the latest'}.
    </>
  )
}
