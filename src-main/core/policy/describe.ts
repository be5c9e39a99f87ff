import type { Constraints } from '../../../shared/constraints.ts'
import type { AccessView, RuleView } from '../../../shared/policy-view.ts'
import { type Access, type AccessPolicy, builtInAccess, type Selection } from './access.ts'
import { boundNames, boundOf } from './bounds.ts'
import type { Glob } from './glob.ts'
import type { Match, Rule } from './rule.ts'

/** A rule as people read it in a list. */
export function describeRule(rule: Rule): RuleView {
  const { id, effect, origin } = rule
  return { id, effect, origin, file: rule.ref.file, line: rule.ref.line, summary: summary(rule) }
}

/** The rules in reading order: highest priority first, then as written. */
export function describeRules(rules: readonly Rule[]): RuleView[] {
  return rules.toSorted((a, b) => b.priority - a.priority).map(describeRule)
}

function summary(rule: Rule): string {
  const parts = [`${does(rule)} ${calls(rule.match)}`]
  if (rule.when) parts.push(`when ${rule.when.source.trim().replace(/\s+/g, ' ')}`)
  const bounds = describeConstraints(rule.constraints)
  if (bounds) parts.push(bounds)
  if (rule.alerts.length > 0) parts.push(`alerts on ${rule.alerts.join(', ')}`)
  if (rule.keepArguments) parts.push('its arguments are kept')
  if (rule.acceptRisk !== null) parts.push(`accepts risk up to ${rule.acceptRisk}`)
  if (rule.ref.reason) parts.push(rule.ref.reason)
  return parts.join('; ')
}

function does(rule: Rule): string {
  switch (rule.effect) {
    case 'DENY':
      return 'denies'
    case 'REQUIRE_APPROVAL':
      return `asks a person at level ${rule.level} about`
    case 'ALLOW_WITH_CONSTRAINTS':
    case 'ALLOW':
      return 'allows'
  }
}

function calls(match: Match): string {
  const about = match.kinds ? `${match.kinds.join(' or ')} requests` : 'calls'
  const parts = [match.actions ? `${match.actions.join(' or ')} ${about}` : about]
  if (match.names) parts.push(`named ${names(match.names)}`)
  const tools = [...(match.tools ?? []), ...(match.fullNames ?? [])]
  if (tools.length > 0) parts.push(`of ${names(tools)}`)
  if (match.verbs) parts.push(`with the verb ${names(match.verbs)}`)
  if (match.namespaces) parts.push(`in ${names(match.namespaces)}`)
  if (match.resources) parts.push(`about ${names(match.resources)}`)
  parts.push(match.servers && !isEverything(match.servers) ? `on ${names(match.servers)}` : 'on any server')
  if (match.serversNotIn) parts.push(`but ${names(match.serversNotIn)}`)
  if (match.riskTags) parts.push(`tagged ${match.riskTags.join(' or ')}`)
  if (match.roles) parts.push(match.roles.length > 0 ? `for ${match.roles.join(' or ')}` : 'for nobody')
  if (match.rolesNotIn) parts.push(`for all${match.rolesNotIn.length > 0 ? ` but ${match.rolesNotIn.join(', ')}` : ''}`)
  if (match.fromRisk !== null) parts.push(`from a risk score of ${match.fromRisk}`)
  if (match.afterDay) parts.push(`after ${match.afterDay}`)
  if (match.toDay) parts.push(`until ${match.toDay}`)
  return parts.join(' ')
}

function isEverything(globs: readonly Glob[]): boolean {
  return globs.some((glob) => glob.pattern === '*')
}

function names(globs: readonly Glob[]): string {
  return globs.map((glob) => glob.pattern).join(', ')
}

/** Constraints in words; empty when there are none. */
export function describeConstraints(constraints: Constraints): string {
  return boundNames
    .flatMap((name) => (constraints[name] === undefined ? [] : [boundOf(name).words(constraints[name])]))
    .join(', ')
}

/** Every access policy there is, with those it is bound to: of files as written, then the built-in ones. */
export function describeAccesses({ policies, bindings }: Access): AccessView[] {
  const named = new Set(policies.map(({ id }) => id))
  const all = [...policies, ...Object.values(builtInAccess).filter(({ id }) => !named.has(id))]
  return all.map((policy) => {
    const { id, origin, file, line, archived } = policy
    const bound = bindings.filter((binding) => binding.policy.id === id)
    const once = (of: 'clients' | 'roles') =>
      [...new Set(bound.flatMap((each) => each[of].map((name) => heldWords(name, each.tenant))))].sort()
    return {
      ...{ id, origin, file, line, archived, summary: describeAccess(policy) },
      ...{ clients: once('clients'), roles: once('roles') },
    }
  })
}

function heldWords(name: string, tenant: string | null): string {
  return tenant === null ? name : `${name} (for ${tenant})`
}

/** What an access policy does, in words that follow its name. */
export function describeAccess({ allowAll, allow, block, ...policy }: AccessPolicy): string {
  if (policy.archived) return `is archived and allows nothing${blocks(block)}`
  const what = allowAll ? 'everything' : selected(allow) || 'nothing'
  const data = policy.maxClassification === 'restricted' ? '' : ` up to classification ${policy.maxClassification}`
  const acts = policy.maxAction === 'destructive' ? '' : ` up to the action ${policy.maxAction}`
  return `allows ${what}${data}${acts}${blocks(block)}`
}

function blocks(block: Selection): string {
  const what = selected(block)
  return what === '' ? '' : `, blocks ${what}`
}

function selected({ tools, modules, tags, prefixes }: Selection): string {
  const parts = [
    ['tools', tools.map((glob) => glob.pattern)] as const,
    ['modules', modules] as const,
    ['tags', tags] as const,
    ['names that begin with', prefixes] as const,
  ]
  return parts
    .filter(([, items]) => items.length > 0)
    .map(([kind, items]) => `${kind} ${[...items].sort().join(', ')}`)
    .join(' and ')
}
