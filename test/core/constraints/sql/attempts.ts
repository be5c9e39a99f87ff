import type { SqlBounds } from '../../../../src-main/core/constraints/sql/verdict.ts'

/** SQL of one dialect: what must be refused, under the bound that it tries to get around, and what must be let through. */
export type Attempts = Record<keyof SqlBounds | 'any' | 'harmless', readonly string[]>

const common: SqlBounds = { read_only: true, blocked_tables: ['secrets', 'hr.salaries'] }

/** The bounds under which the attempts of each group are made. */
export const boundsOf: Record<keyof Attempts, SqlBounds> = {
  read_only: common,
  blocked_tables: common,
  any: common,
  harmless: common,
  require_where_clause: { read_only: true, require_where_clause: true },
  max_rows: { read_only: true, max_rows: 100 },
}
