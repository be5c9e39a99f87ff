import { Check, CircleHelp, Minus, X } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'wouter'
import { type ReasonCode, reasons } from '../../../../shared/errors.ts'
import type { ExplainedRule } from '../../../../shared/policy-tools.ts'
import { places } from '../../../places.ts'
import { Badge } from '../../../ui/badge.tsx'
import { Button } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'
import { Chip } from '../../../ui/chip.tsx'
import { Hint } from '../../../ui/hint.tsx'
import { VisibleText } from '../../../ui/visible-text.tsx'
import { effectOf } from '../effects.ts'
import { VerdictChip } from '../verdict-chip.tsx'
import { RuleParts } from './rule-parts.tsx'

/** Rules that do not match and are shown before a person asks for all. */
const firstOthers = 10

const outcomes = {
  matched: { Icon: Check, words: 'matches', look: 'text-ink' },
  not_matched: { Icon: Minus, words: 'does not match', look: 'text-muted' },
  failed: { Icon: X, words: 'its condition failed', look: 'text-denied-text' },
  unknown: { Icon: CircleHelp, words: 'unknown', look: 'text-asked-text' },
} as const

/** Every rule and whether it is about the call, those that are first; each with the reason. */
export function ExplainedRules({ rules, leftOut }: { rules: readonly ExplainedRule[]; leftOut: number }) {
  const [all, setAll] = useState(false)
  const counting = rules.filter(({ outcome }) => outcome !== 'not_matched')
  const others = rules.filter(({ outcome }) => outcome === 'not_matched')
  const shown = all ? others : others.slice(0, firstOthers)
  return (
    <Card>
      <ul className="divide-y divide-line" aria-label="Rules">
        {[...counting, ...shown].map((explained) => (
          <Rule key={`${explained.rule.file} ${explained.rule.id}`} explained={explained} />
        ))}
      </ul>
      {shown.length < others.length && (
        <div className="border-line border-t p-2">
          <Button size="small" onClick={() => setAll(true)}>
            Show all {others.length} that do not match
          </Button>
        </div>
      )}
      {leftOut > 0 && all && (
        <p className="border-line border-t px-3 py-2 text-muted">{leftOut} more do not match and are not listed.</p>
      )}
    </Card>
  )
}

/** Why it would be denied, in the words of the code. */
function reasonOf(code: string): string {
  return (Object.hasOwn(reasons, code) && reasons[code as ReasonCode][0]) || code
}

function Rule({ explained: { rule, outcome, parts, decided, without } }: { explained: ExplainedRule }) {
  const { Icon, words, look } = outcomes[outcome]
  const { tone, word } = effectOf(rule.effect)
  return (
    <li className="px-3 py-2">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <Icon size={14} className={`shrink-0 ${look}`} aria-hidden="true" />
        <Link href={places.rule(rule.id)} className="font-strong hover:text-accent-text hover:underline">
          <VisibleText text={rule.id} />
        </Link>
        <Chip tone={tone} word={word} />
        <span className={look}>{words}</span>
        {decided && <Badge strong>decides</Badge>}
        {rule.origin === 'org' && <Badge>organisation</Badge>}
      </p>
      <div className="mt-1 flex flex-col gap-1 pl-5.5">
        {outcome !== 'not_matched' && (
          <p className="text-muted">
            <Hint text={rule.summary} />
          </p>
        )}
        {parts.length > 0 && <RuleParts parts={parts} />}
        {without && (
          <p className="flex flex-wrap items-center gap-2 text-muted">
            Without this rule <VerdictChip verdict={without} />
            {without.code !== null && reasonOf(without.code)}
          </p>
        )}
      </div>
    </li>
  )
}
