import type { CallDetail } from '../../../shared/activity.ts'
import { Quote } from '../../ui/quote.tsx'
import { Sentence } from '../../ui/sentence.tsx'
import { tones } from '../../ui/tone.tsx'
import { clockWords, exactClock } from './clock-words.ts'
import { stepsOf } from './timeline.ts'

/** What happened, step by step, with the time between. */
export function Story({ detail }: { detail: CallDetail }) {
  const steps = stepsOf(detail)
  return (
    <ol aria-label="Story" className="flex flex-col">
      {steps.map(({ key, tone, words, at, after, said }, index) => {
        const { Icon, icon } = tones[tone]
        return (
          <li key={key} className="relative flex gap-3 pb-3 last:pb-0">
            {index < steps.length - 1 && (
              <span className="absolute top-5 bottom-0 left-[7px] w-px bg-line-strong" aria-hidden="true" />
            )}
            <Icon size={16} className={`mt-0.5 shrink-0 ${icon}`} />
            <div className="min-w-0 flex-1">
              <p>
                <Sentence parts={words} />
              </p>
              {said !== null && (
                <div className="mt-1">
                  <Quote text={said} from="the person" />
                </div>
              )}
            </div>
            <span className="shrink-0 text-right text-faint text-small leading-5">
              {after === null ? (
                <time dateTime={at} title={exactClock(at)}>
                  {index === 0 ? clockWords(at, Date.now()) : ''}
                </time>
              ) : (
                <time dateTime={at} title={exactClock(at)}>
                  {after} later
                </time>
              )}
            </span>
          </li>
        )
      })}
    </ol>
  )
}
