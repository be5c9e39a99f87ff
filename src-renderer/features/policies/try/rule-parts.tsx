import { Check, CircleHelp, X } from 'lucide-react'
import type { RulePart } from '../../../../shared/policy-tools.ts'
import { Hint } from '../../../ui/hint.tsx'
import { VisibleText } from '../../../ui/visible-text.tsx'

/** What a rule asks of a call, and what the call has. */
export function RuleParts({ parts }: { parts: readonly RulePart[] }) {
  return (
    <ul className="flex flex-col gap-0.5">
      {parts.map((each) => (
        <li key={`${each.part} ${each.wants}`} className="flex items-baseline gap-2">
          <Fits fits={each.fits} />
          <span className="min-w-0">{each.part === 'condition' ? <Condition {...each} /> : <Part {...each} />}</span>
        </li>
      ))}
    </ul>
  )
}

function Part({ part, wants, has }: RulePart) {
  return (
    <>
      <span className="text-muted">{part === 'tag' ? 'risk tag' : part}</span> <Hint text={wants} />
      <span className="text-muted">, the call has </span>
      <Hint text={has === '' ? 'none' : has} />
    </>
  )
}

function Condition({ wants, has }: RulePart) {
  return (
    <>
      <code>
        <VisibleText text={wants} />
      </code>
      <span className="text-muted"> · </span>
      <Hint text={has} />
    </>
  )
}

function Fits({ fits }: { fits: boolean | null }) {
  const [Icon, word, look] =
    fits === null
      ? ([CircleHelp, 'unknown', 'text-asked-text'] as const)
      : fits
        ? ([Check, 'fits', 'text-allowed-text'] as const)
        : ([X, 'does not fit', 'text-denied-text'] as const)
  return (
    <>
      <Icon size={12} className={`translate-y-[2px] shrink-0 ${look}`} aria-hidden="true" />
      <span className="sr-only">{word}: </span>
    </>
  )
}
