import type { Effect } from '../../../shared/decision.ts'
import { emptyContent, type FileContent, type Home, idFrom, plainRule } from './file-content.ts'
import { compileGlob } from './glob.ts'
import type { PatternPolicy } from './pattern-file.ts'
import type { Match } from './rule.ts'
import type { DataPath } from './yaml-source.ts'

const effects: Record<PatternPolicy['action'], Effect> = {
  ALLOW: 'ALLOW',
  EVALUATE: 'REQUIRE_APPROVAL',
  DENY: 'DENY',
}

/**
 * Pattern policies as rules. `action` holds whatever the risk; from `risk_threshold` on the next stricter one holds: what is allowed
 * asks, what asks is denied, and what is denied is denied anyway. An ALLOW is about calls of tools, the others about every
 * kind of request.
 */
export function lowerPatterns(policies: readonly PatternPolicy[], homeOf: (path: DataPath) => Home): FileContent {
  const content = emptyContent()
  policies.forEach((policy, index) => {
    lowerPattern(policy, homeOf([index]), content)
  })
  return content
}

/** One pattern policy; see `lowerPatterns`. */
export function lowerPattern(policy: PatternPolicy, home: Home, content: FileContent): FileContent {
  const { policy_name, action, risk_threshold: threshold } = policy
  const id = policy.policy_id ?? idFrom(policy_name)
  const path = [...home.path, policy.policy_id === undefined ? 'policy_name' : 'policy_id']
  if (id === '') {
    content.complaints.push({
      ...{ path, message: 'no id can be made of the name', expected: 'a name with letters or digits, or `policy_id`' },
      suggestion: 'add `policy_id` with a name of your choice',
    })
    return content
  }
  content.ids.push({ of: 'rule', id, path })
  if (policy.is_active === false) return content
  const level = policy.required_approval_level ?? 1
  const shared = {
    match: toMatch(policy),
    reason: reasonOf(policy),
    description: policy.policy_description ?? null,
    priority: policy.priority ?? 0,
  }
  const rule = (effect: Effect, suffix: string, match: Partial<Match>) =>
    plainRule({ ...shared, id: id + suffix, effect, match, level: effect === 'REQUIRE_APPROVAL' ? level : null }, home)
  content.rules.push(rule(effects[action], '', shared.match))
  if (threshold === undefined || action === 'DENY') return content
  const stricter = action === 'ALLOW' ? 'REQUIRE_APPROVAL' : 'DENY'
  content.rules.push(rule(stricter, '/risk', { ...shared.match, fromRisk: threshold }))
  content.ids.push({ of: 'rule', id: `${id}/risk`, path })
  return content
}

function toMatch(policy: PatternPolicy): Partial<Match> {
  const globs = (patterns: readonly string[] | undefined) => patterns?.map(compileGlob) ?? null
  return {
    kinds: policy.action === 'ALLOW' ? ['tool'] : null,
    servers: globs(policy.server_patterns),
    namespaces: globs(policy.namespace_patterns),
    verbs: globs(policy.verb_patterns),
    resources: globs(policy.resource_patterns),
  }
}

function reasonOf({ policy_name, compliance_framework: frameworks }: PatternPolicy): string {
  return frameworks && frameworks.length > 0 ? `${policy_name} (${frameworks.join(', ')})` : policy_name
}
