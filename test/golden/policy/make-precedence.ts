import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Writes precedence.csv: what the precedence list (blueprint, section 5) says for every combination of what the rules say,
 * risk, trust, access, observe mode and whose rule it is. Written from the list alone and shares nothing with the product.
 */

export type Row = {
  rules: string
  origin: string
  risk: number
  trust: string
  action: string
  access: string
  observe: string
  decision: string
  level: string
  observed: string
}
export const columns = [
  'rules',
  'origin',
  'risk',
  'trust',
  'action',
  'access',
  'observe',
  'decision',
  'level',
  'observed',
] as const satisfies (keyof Row)[]

/**
 * What the one rule that matches says. `none`: no rule matches, by default or with `default: by_risk`; `broken`: its
 * condition fails.
 */
const outcomes = [
  'none',
  'none by_risk',
  'ALLOW',
  'ALLOW accepting 80',
  'ALLOW_WITH_CONSTRAINTS',
  'ASK 1',
  'ASK 1 accepting 80',
  'ASK 4',
  'DENY',
  'tool file',
  'tool file for others',
  'tool file overdue',
  'pattern ALLOW from 50',
  'pattern EVALUATE from 50',
  'pattern DENY from 90',
  'broken',
]
const risks = [0, 30, 31, 49, 50, 51, 70, 71, 80, 81, 100]

/** What the access policies of the client say: it has none of its own, one that lists the tool, that blocks it, that is empty. */
const accesses = ['unbound', 'lists it', 'blocks it', 'empty']

type Answer = { decision: string; level?: number }
const deny: Answer = { decision: 'DENY' }
const allow: Answer = { decision: 'ALLOW' }
const ask = (level: number): Answer => ({ decision: 'REQUIRE_APPROVAL', level })

function answer(
  outcome: string,
  risk: number,
  trust: string,
  action: string,
  access: string,
): Answer & { firm?: true } {
  if (outcome === 'broken') return { ...deny, firm: true } // line 1
  if (forbids(outcome, risk)) return { ...deny, firm: true } // line 3
  if (access === 'blocks it' || access === 'empty') return deny // line 4
  if (outcome === 'none') return deny // line 7
  if (outcome === 'none by_risk') return byRisk(risk, trust, action) // line 7
  const asked = asks(outcome, risk) // line 5
  const accepted = outcome.endsWith('accepting 80') && risk <= 80
  if (risk > 70 && !accepted) return ask(Math.max(asked, 3)) // line 6
  if (asked > 0) return ask(asked)
  return outcome === 'ALLOW_WITH_CONSTRAINTS' ? { decision: outcome } : allow
}

/** A tool file keeps others out, and everybody once its review is due; a pattern policy that asks denies from its threshold on. */
function forbids(outcome: string, risk: number): boolean {
  const denying = ['DENY', 'tool file for others', 'tool file overdue', 'pattern DENY from 90']
  return denying.includes(outcome) || (outcome === 'pattern EVALUATE from 50' && risk >= 50)
}

/** The level that a rule asks for; 0 when it lets through. A pattern policy that allows asks from its threshold on. */
function asks(outcome: string, risk: number): number {
  if (outcome.startsWith('ASK')) return Number(outcome.split(' ')[1])
  return outcome === 'pattern EVALUATE from 50' || (outcome === 'pattern ALLOW from 50' && risk >= 50) ? 2 : 0
}

function byRisk(risk: number, trust: string, action: string): Answer {
  if (trust === 'sandbox' || risk > 70) return deny
  if (trust === 'trusted' && risk < 50) return allow
  if (trust === 'restricted' && risk <= 30 && action === 'read') return allow
  return ask(risk > 50 ? 2 : 1)
}

function* rows(): Generator<Row> {
  for (const rules of outcomes)
    for (const origin of rules.startsWith('none') ? ['local'] : ['local', 'org'])
      for (const risk of risks)
        for (const trust of ['trusted', 'restricted', 'sandbox'])
          for (const action of rules === 'none by_risk' ? ['read', 'write', 'destructive'] : ['write'])
            for (const access of accesses)
              for (const observe of ['off', 'on']) {
                const { decision, level, firm } = answer(rules, risk, trust, action, access)
                const relaxed = observe === 'on' && !firm && decision !== 'ALLOW'
                const outcome = relaxed
                  ? { decision: 'ALLOW', level: '', observed: decision }
                  : { decision, level: String(level ?? ''), observed: '' }
                yield { rules, origin, risk, trust, action, access, observe, ...outcome }
              }
}

export const file = join(import.meta.dirname, 'precedence.csv')

if (import.meta.main) {
  const lines = [...rows()].map((row) => columns.map((column) => row[column]).join(','))
  writeFileSync(file, `${[columns.join(','), ...lines].join('\n')}\n`)
}
