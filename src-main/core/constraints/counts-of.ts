import type { Constraints } from '../../../shared/constraints.ts'
import type { Rule } from '../policy/rule.ts'
import type { Counted } from './rate-limits.ts'

/** Who makes a call, and what is called, as far as counting goes. */
export type Caller = { client: { id: string }; user: string; serverName: string; kind: string; toolName: string }

/**
 * What a call counts towards: each limit of each rule that bounds it, apart from those of other rules, since a limit is about the calls
 * that its rule is about. `combined` stands in where no rule can be found: then its limits hold under no name.
 */
export function countsOf(combined: Constraints, rules: readonly Rule[], caller: Caller): Counted[] {
  if (combined.rate_limit === undefined) return []
  const own = rules.flatMap(({ id, constraints }) =>
    (constraints.rate_limit ?? []).map((limit) => ({ rule: id, limit })),
  )
  const limits = own.length > 0 ? own : combined.rate_limit.map((limit) => ({ rule: '', limit }))
  return limits.map(({ rule, limit }) => ({
    rule,
    limit,
    key: JSON.stringify([rule, limit.per_sec, limit.by, ...subjectOf(limit.by, caller)]),
  }))
}

/** A tool is one of its server: two servers' tools of the same name are two. What is no tool counts by its kind. */
function subjectOf(by: Counted['limit']['by'], { client, user, serverName, kind, toolName }: Caller): string[] {
  switch (by) {
    case 'client':
      return [client.id]
    case 'user':
      return [user]
    case 'tool':
      return kind === 'tool' ? [serverName, toolName] : [serverName, kind, '']
  }
}
