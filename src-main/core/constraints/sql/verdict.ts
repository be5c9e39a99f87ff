import type { Constraints } from '../../../../shared/constraints.ts'

/** The bounds that are about SQL. Those that are absent, or `false`, bound nothing. */
export type SqlBounds = Pick<Constraints, 'read_only' | 'blocked_tables' | 'require_where_clause' | 'max_rows'>

/** Why SQL is refused: the bound that it breaks, null when it breaks what holds for all SQL under bounds; and what to do. */
export type SqlComplaint = { ok: false; bound: keyof SqlBounds | null; why: string }

/** What was found in SQL that keeps to its bounds: the tables that it names, in parts, and the rows that it says it gives at most. */
export type SqlReading = { ok: true; tables: string[][]; rowLimit: number | null }

/** The answer about one SQL text. */
export type SqlVerdict = SqlReading | SqlComplaint

/** A reading that ends in a refusal; caught where reading begins. */
export class Unacceptable extends Error {
  readonly bound: keyof SqlBounds | null

  constructor(why: string, bound: keyof SqlBounds | null = null) {
    super(why)
    this.bound = bound
  }
}

/** Which statements the bounds leave, as a hint. */
export const onlyReads = 'only one `SELECT`, `VALUES` or `WITH … SELECT` may be sent, or `EXPLAIN` of one'
