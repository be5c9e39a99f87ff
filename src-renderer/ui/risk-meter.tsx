import { clsx } from 'clsx'

/** Bounds of the words for a score of 0 to 100. */
const bands = [
  { upTo: 30, word: 'low', bar: 'bg-allowed-solid' },
  { upTo: 70, word: 'medium', bar: 'bg-asked-solid' },
  { upTo: 100, word: 'high', bar: 'bg-denied-solid' },
] as const

/** Risk of a call, 0 to 100: the number and a thin bar. */
export function RiskMeter({ score, wide = false }: { score: number; wide?: boolean }) {
  const bounded = Math.min(100, Math.max(0, score))
  const band = bands.find(({ upTo }) => bounded <= upTo) ?? bands[2]
  return (
    <span
      role="meter"
      aria-label="Risk"
      aria-valuenow={bounded}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuetext={`${bounded} of 100, ${band.word}`}
      className="inline-flex items-center gap-2"
    >
      <span className="w-7 whitespace-nowrap text-right font-strong">{bounded}</span>
      <span className={clsx('h-1 overflow-hidden rounded-full bg-line-strong', wide ? 'w-32' : 'w-10')}>
        <span className={clsx('block h-full rounded-full', band.bar)} style={{ width: `${bounded}%` }} />
      </span>
      {wide && <span className="text-muted">{band.word}</span>}
    </span>
  )
}
