import { useState } from 'react'
import type { RuleView } from '../../../shared/policy-view.ts'
import { places } from '../../places.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Chip } from '../../ui/chip.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'
import { effectOf } from './effects.ts'
import { PickedRow } from './picked-row.tsx'

/** Rules drawn before a person asks for all, or an address points further down. */
const firstRules = 300

/** The rules that decide now, in reading order; each leads to its place in the files. */
export function RulesList({ rules, selected }: { rules: readonly RuleView[]; selected: string | null }) {
  const [all, setAll] = useState(false)
  if (rules.length === 0) {
    return (
      <Card>
        <EmptyState title="No rule is in force">
          <p>Every call is denied until a rule file without mistakes is in the folder.</p>
        </EmptyState>
      </Card>
    )
  }
  const far = rules.findIndex(({ id }) => id === selected) >= firstRules
  const shown = all || far ? rules : rules.slice(0, firstRules)
  return (
    <Card>
      <ol className="divide-y divide-line">
        {shown.map((rule) => (
          <Rule key={rule.id} rule={rule} selected={rule.id === selected} />
        ))}
      </ol>
      {shown.length < rules.length && (
        <div className="border-line border-t p-2">
          <Button size="small" onClick={() => setAll(true)}>
            Show all {rules.length.toLocaleString('en')} rules
          </Button>
        </div>
      )}
      <p className="border-line border-t px-3 py-2 text-muted">
        Any rule that denies wins, then the strictest that matches. A call that no rule is about is denied, unless a
        file says <code>default: by_risk</code>.
      </p>
    </Card>
  )
}

function Rule({ rule: { id, effect, origin, file, line, summary }, selected }: { rule: RuleView; selected: boolean }) {
  const { tone, word } = effectOf(effect)
  return (
    <PickedRow href={places.rule(id)} selected={selected}>
      <span className="flex flex-wrap items-center gap-2">
        <Chip tone={tone} word={word} />
        <span className="font-strong">
          <VisibleText text={id} />
        </span>
        {origin === 'org' && <Badge>organisation</Badge>}
        <code className="ml-auto text-faint">
          <VisibleText text={`${file}:${line}`} />
        </code>
      </span>
      <span className="mt-0.5 block text-muted">
        <VisibleText text={summary} />
      </span>
    </PickedRow>
  )
}
