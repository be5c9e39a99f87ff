import type { ApprovalView } from '../../shared/approval.ts'
import { usualPoints } from '../../shared/risk-factors.ts'
import { factorWords } from '../say/risk-factor.ts'
import { VisibleText } from '../ui/visible-text.tsx'

/** What makes a call as risky as it is, factor by factor; with `sum`, what they come to. */
export function RiskFactors({ risk, sum = false }: { risk: ApprovalView['risk']; sum?: boolean }) {
  return (
    <table className="w-full" aria-label="Risk factors">
      <tbody>
        {counting(risk.factors).map((factor) => (
          <tr key={`${factor.name} ${factor.detail}`}>
            <td className="w-10 pr-2 text-right align-top font-strong">
              {factor.points > 0 ? '+' : ''}
              {factor.points}
            </td>
            <td className="text-muted">
              <VisibleText text={factorWords(factor)} />
            </td>
          </tr>
        ))}
        {sum && (
          <tr className="border-line border-t">
            <td className="pr-2 text-right font-strong">{risk.score}</td>
            <td className="text-muted">of 100: the risk</td>
          </tr>
        )}
      </tbody>
    </table>
  )
}

/** The factors that count, or would count if policy did not set them to nothing. */
function counting(factors: ApprovalView['risk']['factors']) {
  return factors.filter(({ name, points }) => points > 0 || (usualPoints as Record<string, number>)[name] !== 0)
}
