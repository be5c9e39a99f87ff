import { clsx } from 'clsx'
import { useEffect, useState } from 'react'
import { timeLeftWords } from '../../say/time-left.ts'
import { exactTime } from '../../ui/relative-time.ts'

const radius = 6
const around = 2 * Math.PI * radius
const hurryMs = 30_000

/** Time until a request is denied by itself, as a ring and in words. */
export function TimeLeft({ from, until }: { from: string; until: string }) {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [])
  const [start, end] = [Date.parse(from), Date.parse(until)]
  const left = Math.max(0, end - now)
  const share = end > start ? Math.min(1, left / (end - start)) : 0
  return (
    <span
      role="timer"
      aria-label="Time left"
      title={`Denied by itself at ${exactTime(end)}`}
      className={clsx(
        'inline-flex items-center gap-1.5 whitespace-nowrap',
        left < hurryMs ? 'text-denied-text' : 'text-muted',
      )}
    >
      <svg viewBox="0 0 16 16" width={16} height={16} fill="none" aria-hidden="true" className="-rotate-90">
        <circle cx={8} cy={8} r={radius} strokeWidth={2.5} className="stroke-line-strong" />
        <circle
          cx={8}
          cy={8}
          r={radius}
          strokeWidth={2.5}
          stroke="currentColor"
          strokeDasharray={around}
          strokeDashoffset={around * (1 - share)}
        />
      </svg>
      {timeLeftWords(left)}
    </span>
  )
}
