import type { ConstraintResult } from '../../../shared/audit.ts'
import { boundResultWords } from '../../say/bound-result.ts'
import { Hint } from '../../ui/hint.tsx'
import type { Tone } from '../../ui/tone.tsx'
import { tones } from '../../ui/tone.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'

const toneOf: Record<ConstraintResult['result'], Tone> = {
  held: 'allowed',
  truncated: 'constrained',
  masked: 'quarantined',
  refused: 'denied',
}

/** What each bound did to a call, and which rules set it. */
export function BoundsSection({ results }: { results: readonly ConstraintResult[] }) {
  return (
    <ul className="flex flex-col gap-1">
      {results.map((done) => {
        const { name, said } = boundResultWords(done)
        const { Icon, icon } = tones[toneOf[done.result]]
        return (
          <li key={done.bound} className="flex gap-2">
            <Icon size={16} className={`mt-0.5 shrink-0 ${icon}`} />
            <p className="min-w-0">
              <b>{name}</b> <Hint text={said} />
              {done.rule !== undefined && (
                <span className="text-muted">
                  {' '}
                  by <VisibleText text={done.rule} />
                </span>
              )}
            </p>
          </li>
        )
      })}
    </ul>
  )
}
