import type { Constraints } from '../../../shared/constraints.ts'
import type { Server } from '../registry/registry.ts'

type Bound = keyof Constraints

/** What holds a server's process to bounds from outside of it. */
export type Sandbox = {
  /** The bounds that the process of this server is held to. */
  enforces: (server: Server) => ReadonlySet<Bound>
  /** Why it is not held to the others, and what would help. */
  why: (server: Server) => string
}

/** Which bounds can be enforced for the calls of one server, and, of the others, why not. */
export type Enforceable = { bounds: ReadonlySet<Bound>; why: (bound: Bound) => string | null }

/**
 * Bounds that need nothing of the server. `read_only` is among them although SQL needs a dialect: a tool that takes no SQL is judged by
 * its review, and which of the two a call is can only be seen in its arguments.
 */
const always: readonly Bound[] = [
  'max_runtime_sec',
  'max_retries',
  'rate_limit',
  'max_bytes',
  'max_rows',
  'mask_fields',
  'read_only',
]
const needDialect: readonly Bound[] = ['blocked_tables', 'require_where_clause']

/** What can be enforced for `server`; null: none is registered. */
export function enforceableFor(server: Server | null, sandbox: Sandbox | null): Enforceable {
  const dialect = server === null ? null : dialectOf(server)
  const outside = server === null || sandbox === null ? [] : sandbox.enforces(server)
  return {
    bounds: new Set([...always, ...(dialect === null ? [] : needDialect), ...outside]),
    why(bound) {
      if (server === null) return null
      if (needDialect.includes(bound)) return noDialect(server.name)
      return sandbox === null ? 'this build runs no server in a sandbox' : sandbox.why(server)
    },
  }
}

/** Why SQL bounds cannot be enforced for a server of which nobody has said which SQL it speaks. */
export function noDialect(server: string): string {
  return `nobody has said which SQL \`${server}\` speaks: set it with \`toolgate servers set ${server} --sql-dialect <dialect>\``
}

/** The SQL that a server speaks, as a person has set it; null when nobody has. */
export function dialectOf(server: Server): string | null {
  const { sql_dialect } = server as { sql_dialect?: unknown }
  return typeof sql_dialect === 'string' && sql_dialect !== '' ? sql_dialect : null
}
