import type { Constraints } from '../../../shared/constraints.ts'
import type { Facts } from '../policy/precedence.ts'
import type { Server } from '../registry/server-record.ts'
import type { Confinement } from './sandbox/confinement.ts'
import { sandboxBounds } from './sandbox/plan.ts'

type Bound = keyof Constraints

/**
 * Bounds that need nothing of the server. `read_only` is among them although SQL needs a dialect: a tool that takes no SQL is judged by
 * its review, and which of the two a call is can only be seen in its arguments.
 */
const always = [
  ...(['max_runtime_sec', 'max_retries', 'rate_limit'] as const),
  ...(['max_bytes', 'max_rows', 'mask_fields', 'read_only'] as const),
]
const needDialect = ['blocked_tables', 'require_where_clause'] as const

/**
 * Which bounds can be enforced for the calls of a server, and of the others why not. `server` null: none is
 * registered. `draft`: under another policy than the one in force.
 */
export function enforceableFor(
  server: Server | null,
  confinement: Pick<Confinement, 'whyNot'>,
  draft = false,
): Required<Pick<Facts, 'enforceable' | 'whyNot'>> {
  const enforceable = new Set<Bound>(always)
  const whyNot: Partial<Record<Bound, string>> = {}
  const add = (bounds: readonly Bound[], why: string | null) => {
    for (const bound of bounds) {
      if (why === null) enforceable.add(bound)
      else whyNot[bound] = why
    }
  }
  const unknown = 'the server is not registered'
  add(needDialect, server === null ? unknown : server.sql_dialect === null ? noDialect(server.name) : null)
  add(sandboxBounds, server === null ? unknown : confinement.whyNot(server, draft))
  return { enforceable, whyNot }
}

/** Why SQL bounds cannot be enforced for a server of which nobody has said which SQL it speaks. */
export function noDialect(server: string): string {
  return `nobody has said which SQL \`${server}\` speaks; set it with \`toolgate servers set ${server} --sql-dialect <dialect>\``
}
