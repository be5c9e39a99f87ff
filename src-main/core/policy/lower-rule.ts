import type { ToolSchemas } from './argument-types.ts'
import { checkArguments } from './check-arguments.ts'
import { normalConstraints } from './combine-constraints.ts'
import { type Condition, compileCondition } from './condition.ts'
import type { Language } from './condition-language.ts'
import type { Home, Lowered, RuleComplaint } from './file-content.ts'
import { compileGlob } from './glob.ts'
import { keyHelp } from './keys.ts'
import { anyCall, type Match, type Rule } from './rule.ts'
import type { RulePart } from './rule-file.ts'
import type { DataPath } from './yaml-source.ts'

/** Turns one rule of a file, right in shape, into the internal form; complains about keys that contradict each other. */
export function lowerRule(part: RulePart, home: Home, language: Language, schemas: ToolSchemas | null): Lowered {
  const complaints: RuleComplaint[] = contradictions(part, home.path)
  const warnings: RuleComplaint[] = []
  let when: Condition | null = null
  if (part.when !== undefined) {
    const compiled = compileCondition(language, part.when)
    const at = ({ start, ...words }: (typeof compiled.complaints)[number]) => ({
      ...words,
      path: [...home.path, 'when'],
      index: start,
    })
    complaints.push(...compiled.complaints.map(at))
    warnings.push(...compiled.warnings.map(at))
    when = compiled.condition
    const unfit = when && schemas ? checkArguments(part.when, toMatch(part), schemas) : null
    if (unfit) complaints.push(at(unfit))
  }
  if (complaints.length > 0) return { rule: null, complaints, warnings }
  return { rule: toRule(part, home, when), complaints, warnings }
}

function toRule(part: RulePart, { origin, file, line }: Home, when: Condition | null): Rule {
  const { id, decision: effect } = part
  const reason = part.reason ?? null
  return {
    id,
    effect,
    origin,
    match: toMatch(part),
    when,
    level: effect === 'REQUIRE_APPROVAL' ? (part.level ?? 1) : null,
    acceptRisk: part.accept_risk ?? null,
    constraints: normalConstraints(part.constraints),
    alerts: [],
    keepArguments: false,
    priority: part.priority ?? 0,
    description: part.description ?? null,
    ref: { id, effect, origin, file, line, reason },
  }
}

function toMatch(part: RulePart): Match {
  const labels = part.match?.labels
  const actions = labels?.['mcp.action']
  const kinds = labels?.['mcp.kind']
  const mcp = part.match?.mcp ?? part.mcp
  return {
    ...anyCall,
    servers: labels?.['mcp.server']?.map(compileGlob) ?? null,
    tools: labels?.['mcp.tool']?.map(compileGlob) ?? null,
    actions: actions && !actions.includes('*') ? actions.filter((action) => action !== '*') : null,
    kinds: kinds && !kinds.includes('*') ? kinds.filter((kind) => kind !== '*') : null,
    names: labels?.['mcp.name']?.map(compileGlob) ?? null,
    riskTags: part.match?.risk_tags ?? null,
    serversNotIn: mcp?.deny_servers_not_in.map(compileGlob) ?? null,
  }
}

function contradictions(part: RulePart, path: DataPath): RuleComplaint[] {
  const found: RuleComplaint[] = []
  const complain = (key: keyof RulePart, message: string, expected: string, suggestion: string) =>
    found.push({ path, key, message, expected, suggestion })
  const bounds = Object.keys(part.constraints ?? {}).length
  const limits = keyHelp.constraints?.expected ?? ''

  if (part.level !== undefined && part.decision !== 'REQUIRE_APPROVAL') {
    complain(
      'level',
      `\`level\` means nothing in a rule that decides ${part.decision}`,
      '`level` with REQUIRE_APPROVAL',
      'remove `level`',
    )
  }
  if (part.decision === 'DENY' && part.accept_risk !== undefined) {
    complain(
      'accept_risk',
      'a rule that denies accepts no risk',
      '`accept_risk` in a rule that lets calls run',
      'remove `accept_risk`',
    )
  }
  if (part.decision === 'DENY' && part.constraints !== undefined) {
    complain(
      'constraints',
      'a denied call does not run, so nothing constrains it',
      '`constraints` in a rule that lets calls run',
      'remove `constraints`',
    )
  }
  if (part.decision !== 'DENY' && part.constraints !== undefined && bounds === 0) {
    complain('constraints', '`constraints` is empty', limits, 'remove `constraints`, or add a bound')
  }
  if (part.decision === 'ALLOW_WITH_CONSTRAINTS' && part.constraints === undefined) {
    complain('decision', 'the rule names no constraint', limits, 'add `constraints`, or decide ALLOW')
  }
  if (part.mcp && part.match?.mcp) {
    complain('mcp', '`mcp` is given twice, here and under `match`', '`mcp` once', 'keep the one under `match`')
  }
  if (part.when === undefined && !part.mcp && !saysSomething(part.match)) {
    complain(
      part.match ? 'match' : 'id',
      'the rule does not say which calls it is about',
      '`match` with a label, a risk tag or `mcp`, or `when`',
      'for every call write `match: { labels: { mcp.server: "*" } }`',
    )
  }
  return found
}

function saysSomething(match: RulePart['match']): boolean {
  return Boolean(match?.risk_tags || match?.mcp || Object.keys(match?.labels ?? {}).length > 0)
}
