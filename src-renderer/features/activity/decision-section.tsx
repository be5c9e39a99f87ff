import { Link } from 'wouter'
import type { CallDetail } from '../../../shared/activity.ts'
import type { Constraints } from '../../../shared/constraints.ts'
import type { RuleView } from '../../../shared/policy-view.ts'
import { places } from '../../places.ts'
import { asSentence } from '../../say/as-sentence.ts'
import { boundWords } from '../../say/bounds.ts'
import { RiskFactors } from '../../show/risk-factors.tsx'
import { Chip } from '../../ui/chip.tsx'
import { CopyText } from '../../ui/copy-text.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Hint } from '../../ui/hint.tsx'
import { RiskMeter } from '../../ui/risk-meter.tsx'
import type { Tone } from '../../ui/tone.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'
import { decisionOf } from './decision-of.ts'

const effects: Record<string, { tone: Tone; word: string }> = {
  ALLOW: { tone: 'allowed', word: 'Allow' },
  ALLOW_WITH_CONSTRAINTS: { tone: 'constrained', word: 'Constrain' },
  REQUIRE_APPROVAL: { tone: 'asked', word: 'Ask' },
  DENY: { tone: 'denied', word: 'Deny' },
}

const observedEffect = { tone: 'observed' as const, word: 'Observe' }

/** What policy said and why: the rules that decided, the others that matched, bounds, and the risk with its factors. */
export function DecisionSection({ detail }: { detail: CallDetail }) {
  const decided = decisionOf(detail.records)
  if (!decided) return <p className="text-muted">It ended before policy was asked.</p>
  const { policy_decision = '', reason, rule_ids = [], matched_rules = [], approval_level, snapshot_hash } = decided
  const scored = detail.records.findLast(({ risk_factors }) => risk_factors !== undefined)
  const others = matched_rules.filter((id) => !rule_ids.includes(id))
  const bounds = boundWords((decided.constraints ?? {}) as Constraints)
  const effect = decided.observed
    ? { ...observedEffect, ...(decided.overridden && { word: 'Override' }) }
    : (effects[policy_decision] ?? { tone: 'denied' as const, word: policy_decision })
  return (
    <div className="flex flex-col gap-3">
      <p>
        <Chip tone={effect.tone} word={effect.word} /> {reason !== undefined && <Hint text={asSentence(reason)} />}
      </p>
      {rule_ids.length > 0 && <Rules title="Decided by" ids={rule_ids} detail={detail} />}
      {others.length > 0 && <Rules title="Also matched" ids={others} detail={detail} />}
      <Facts
        facts={[
          ...(approval_level === undefined ? [] : [['Level', `${approval_level} of 5`] as const]),
          ...(bounds.length === 0
            ? []
            : [['Bounds', <VisibleText key="bounds" text={`It ${bounds.join(', ')}.`} />] as const]),
          ...(snapshot_hash === undefined || snapshot_hash === ''
            ? []
            : [['Policy', <Snapshot key="policy" hash={snapshot_hash} inForce={detail.in_force} />] as const]),
        ]}
      />
      {scored?.risk_factors && (
        <div className="flex flex-col gap-1">
          <h4 className="text-faint text-small">Risk</h4>
          <RiskMeter score={scored.risk_score ?? 0} wide />
          <RiskFactors risk={{ score: scored.risk_score ?? 0, factors: scored.risk_factors }} />
        </div>
      )}
    </div>
  )
}

function Snapshot({ hash, inForce }: { hash: string; inForce: boolean }) {
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2">
      <CopyText text={hash} />
      <span className="text-muted">{inForce ? 'in force now' : 'no longer in force'}</span>
    </span>
  )
}

type RulesProps = { title: string; ids: readonly string[]; detail: CallDetail }

function Rules({ title, ids, detail: { rules, in_force } }: RulesProps) {
  return (
    <div>
      <h4 className="text-faint text-small">{title}</h4>
      <ul className="flex flex-col gap-2">
        {ids.map((id) => (
          <li key={id}>
            <RuleLine id={id} rule={rules.find((rule) => rule.id === id)} inForce={in_force} />
          </li>
        ))}
      </ul>
    </div>
  )
}

function RuleLine({ id, rule, inForce }: { id: string; rule: RuleView | undefined; inForce: boolean }) {
  const place = rule && `${rule.file}:${rule.line}`
  return (
    <>
      <p className="flex flex-wrap items-baseline gap-x-2">
        {inForce && rule ? (
          <Link href={places.rule(id)} className="font-strong text-accent-text hover:underline">
            <VisibleText text={id} />
          </Link>
        ) : (
          <b>
            <VisibleText text={id} />
          </b>
        )}
        {rule?.origin === 'org' && <span className="text-muted">your organisation’s</span>}
        {rule && place !== undefined && (
          <code className="text-muted">
            {inForce ? (
              <Link href={places.policyLine(rule.file, rule.line)} className="hover:text-accent-text hover:underline">
                <VisibleText text={place} />
              </Link>
            ) : (
              <VisibleText text={place} />
            )}
          </code>
        )}
      </p>
      <p className="text-muted">{rule ? <Hint text={rule.summary} /> : 'It is in no policy that is kept.'}</p>
    </>
  )
}
