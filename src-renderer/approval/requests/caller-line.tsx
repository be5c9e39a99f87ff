import { Hourglass } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { ApprovalView } from '../../../shared/approval.ts'
import { VisibleText } from '../../ui/visible-text.tsx'
import { callerWords } from './caller-words.ts'
import { FactLine } from './fact-line.tsx'

/** What an answer still reaches: the caller that waits, or the same call made again. */
export function CallerLine({ view }: { view: ApprovalView }) {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [])
  const words = callerWords(view, now)
  if (!words) return null
  return (
    <FactLine
      icon={<Hourglass size={14} />}
      name="Callers"
      look={words.late || view.waiting > 1 ? 'text-asked-text' : 'text-muted'}
    >
      <VisibleText text={words.text} />
    </FactLine>
  )
}
