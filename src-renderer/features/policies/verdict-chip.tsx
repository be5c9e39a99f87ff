import type { Verdict } from '../../../shared/policy-tools.ts'
import { Chip } from '../../ui/chip.tsx'
import { Hint } from '../../ui/hint.tsx'
import { effectOf } from './effects.ts'

type VerdictChipProps = { verdict: Pick<Verdict, 'effect' | 'level'> & Partial<Pick<Verdict, 'reason'>> }

/** What a policy says of a call, in a hue and a word; the reason on hover. */
export function VerdictChip({ verdict: { effect, level, reason } }: VerdictChipProps) {
  const { tone, word } = effectOf(effect)
  const words = level === null || level === undefined ? word : `${word}, level ${level}`
  return <Chip tone={tone} word={words} {...(reason ? { tip: <Hint text={reason} /> } : {})} />
}
