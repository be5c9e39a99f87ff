import { clsx } from 'clsx'
import { useEffect, useRef } from 'react'
import { Link } from 'wouter'
import type { RuleView } from '../../../shared/policy-view.ts'
import { places } from '../../places.ts'
import { Badge } from '../../ui/badge.tsx'
import { Card } from '../../ui/card.tsx'
import { Chip } from '../../ui/chip.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'
import { effectOf } from './effects.ts'

/** The rules that decide now, in reading order; each leads to its place in the files. */
export function RulesList({ rules, selected }: { rules: readonly RuleView[]; selected: string | null }) {
  if (rules.length === 0) {
    return (
      <Card>
        <EmptyState title="No rule is in force">
          <p>Every call is denied until a rule file without mistakes is in the folder.</p>
        </EmptyState>
      </Card>
    )
  }
  return (
    <Card>
      <ol className="divide-y divide-line">
        {rules.map((rule) => (
          <Rule key={rule.id} rule={rule} selected={rule.id === selected} />
        ))}
      </ol>
      <p className="border-line border-t px-3 py-2 text-muted">
        Any rule that denies wins, then the strictest that matches. A call that no rule is about is denied, unless a
        file says <code>default: by_risk</code>.
      </p>
    </Card>
  )
}

function Rule({ rule: { id, effect, origin, file, line, summary }, selected }: { rule: RuleView; selected: boolean }) {
  const element = useRef<HTMLLIElement>(null)
  const { tone, word } = effectOf(effect)
  useEffect(() => {
    if (selected) element.current?.scrollIntoView({ block: 'nearest' })
  }, [selected])
  return (
    <li ref={element}>
      <Link
        href={places.rule(id)}
        aria-current={selected ? 'true' : undefined}
        className={clsx('block px-3 py-2', selected ? 'bg-selected' : 'hover:bg-hover')}
      >
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
      </Link>
    </li>
  )
}
