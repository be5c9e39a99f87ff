import type { SqlDialect } from '../../shared/envelope.ts'
import type { ServerFacts } from '../../shared/server.ts'

/** Options by which people say what they know of a server. */
export type FactOptions = { owner?: string; purpose?: string; sqlDialect?: SqlDialect | 'none' }

/** What was said of a server; what was not is absent. */
export function factsIn({ owner, purpose, sqlDialect }: FactOptions): Partial<ServerFacts> {
  return {
    ...(owner === undefined ? {} : { owner }),
    ...(purpose === undefined ? {} : { purpose }),
    ...(sqlDialect === undefined ? {} : { sql_dialect: sqlDialect === 'none' ? null : sqlDialect }),
  }
}
