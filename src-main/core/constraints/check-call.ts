import type { ConstraintResult } from '../../../shared/audit.ts'
import type { Constraints, RateLimit } from '../../../shared/constraints.ts'
import type { Alert } from '../../../shared/decision.ts'
import type { Action } from '../../../shared/envelope.ts'
import type { ReasonCode } from '../../../shared/errors.ts'
import type { Rule } from '../policy/rule.ts'
import type { Server } from '../registry/server-record.ts'
import { type Caller, countsOf } from './counts-of.ts'
import { noDialect } from './enforceable.ts'
import type { Counted, RateLimits, TooMany } from './rate-limits.ts'
import { settersOf } from './set-by.ts'
import type { Names, SqlChecker } from './sql/check-sql.ts'
import { type QuestionArguments, questionArguments } from './sql/question-arguments.ts'
import type { AskDatabase } from './sql/schema.ts'
import type { SqlTool } from './sql/sql-in.ts'

type Bound = keyof Constraints

/** Reads the SQL of calls. */
export type SqlReader = {
  /** The one SQL text in arguments, null when there is none, or why it cannot be told which it is. */
  find: (args: Record<string, unknown>, tool: SqlTool) => string | null | { why: string }
  check: SqlChecker['check']
  behind: SqlChecker['behind']
}

/** A call that may be made, as far as can be told before it is. */
export type BoundedCall = {
  constraints: Constraints
  /** The rules that set its bounds. */
  rules: readonly Rule[]
  server: Server | null
  action: Action
  args: Record<string, unknown>
  /** The argument that holds the SQL, as review says; null: none is named. */
  sqlArgument: string | null
  caller: Caller
  /** What the tool takes, as reviewed. */
  inputSchema: unknown
}

/** What the database of a call is to be asked before the call goes out, and with which arguments. */
export type Question = Names & { argumentsFor: QuestionArguments }

/** A bound that a call would break. */
export type Broken = {
  code: ReasonCode
  bound: Bound
  rules: Rule[]
  detail: string
  alert: Alert | null
  retryAfterSec: number | null
}

/**
 * What was seen of a call: `sqlRows` is true when its SQL says itself how many rows it gives back at most. `question`: what only its
 * database can say; until it has, nothing holds that depends on it. `waited`: it took its time, in which others were served.
 */
export type Checked = {
  counts: Counted[]
  sqlRows: boolean
  held: ConstraintResult[]
  broken: Broken | null
  question: Question | null
  waited: boolean
}

/** What checking works with. */
export type Checks = { rates: RateLimits; sql: SqlReader | null }

/**
 * What of the bounds of a call can be seen before anybody is asked about it: its SQL, what its tool was reviewed as, and how many calls there were.
 * Nothing is counted here, and nothing reaches the server.
 */
export async function checkCall(call: BoundedCall, { rates, sql }: Checks): Promise<Checked> {
  const { constraints, rules, caller } = call
  // Before anything is waited for: the rules are those of the snapshot that decided.
  const counts = countsOf(constraints, rules, caller)
  // First, because reading SQL takes its time.
  const tooMany = rates.check(counts)
  if (tooMany) return { counts, ...nothingSeen, broken: tooManyCalls(tooMany, rules) }
  return { counts, ...(await checkSql(call, sql)) }
}

type SqlChecked = Omit<Checked, 'counts'>

const nothingSeen: SqlChecked = { sqlRows: false, held: [], broken: null, question: null, waited: false }

const sqlBounds = ['read_only', 'blocked_tables', 'require_where_clause', 'max_rows'] as const

async function checkSql(call: BoundedCall, sql: SqlReader | null): Promise<SqlChecked> {
  const set = sqlBounds.filter((bound) => call.constraints[bound] !== undefined)
  if (set.length === 0) return nothingSeen
  const dialect = call.server?.sql_dialect ?? null
  const tool = { named: call.sqlArgument, schema: call.inputSchema, spoken: dialect !== null }
  const text = call.caller.kind === 'tool' && sql ? sql.find(call.args, tool) : null
  if (text === null) return withoutSql(call, set)
  if (dialect === null || !sql) {
    // How many rows there are can be seen in the answer; what they are asked for, in SQL only.
    const [unread] = set.filter((bound) => bound !== 'max_rows')
    if (unread === undefined) return nothingSeen
    return refusal(call, 'CONSTRAINT_UNENFORCEABLE', unread, noDialect(call.caller.serverName))
  }
  if (typeof text === 'object') return refusal(call, 'CONSTRAINT_VIOLATED', set[0], text.why)
  const { read_only, blocked_tables, require_where_clause, max_rows } = call.constraints
  const asked = { read_only, blocked_tables, require_where_clause, max_rows }
  const bounds = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined))
  const { names, ...verdict } = await sql.check(text, dialect, bounds)
  if (!verdict.ok) return refusal(call, 'CONSTRAINT_VIOLATED', verdict.bound ?? set[0], verdict.why)
  const argumentsFor = names && questionArguments(call.args, text, call.inputSchema)
  if (argumentsFor && 'why' in argumentsFor) {
    const { broken, ...seen } = refusal(call, 'CONSTRAINT_VIOLATED', 'blocked_tables', argumentsFor.why)
    // Nothing says that it is an attempt at a blocked table.
    return { ...seen, broken: broken && { ...broken, alert: null } }
  }
  const question = names && argumentsFor && { ...names, argumentsFor }
  const held = set
    .filter((bound) => bound !== 'max_rows' && !(question && bound === 'blocked_tables'))
    .map((bound) => heldBy(call.rules, bound, `its SQL was read as ${dialect}`))
  return { sqlRows: max_rows !== undefined, held, broken: null, question, waited: true }
}

/** What became of the question about a call under these rules: that its tables are none that are blocked, or why that cannot be said. */
export async function checkNames(
  question: Question,
  rules: readonly Rule[],
  sql: SqlReader,
  ask: AskDatabase,
): Promise<{ held: ConstraintResult; broken: null } | { held: null; broken: Broken }> {
  const complaint = await sql.behind(question, ask)
  if (complaint) return { held: null, broken: brokenBy(rules, 'CONSTRAINT_VIOLATED', 'blocked_tables', complaint.why) }
  const detail = `its SQL was read as ${question.dialect}, and its database asked`
  return { held: heldBy(rules, 'blocked_tables', detail), broken: null }
}

function withoutSql(call: BoundedCall, set: readonly Bound[]): SqlChecked {
  const [unread] = set.filter((bound) => bound === 'blocked_tables' || bound === 'require_where_clause')
  if (unread !== undefined) {
    const why = 'the call holds no SQL that could be checked; make the rule one about tools that take SQL'
    return refusal(call, 'CONSTRAINT_UNENFORCEABLE', unread, why)
  }
  if (!set.includes('read_only')) return nothingSeen
  if (call.action !== 'read') {
    return refusal(
      call,
      'CONSTRAINT_VIOLATED',
      'read_only',
      `it only lets read, and this was reviewed as \`${call.action}\``,
    )
  }
  return { ...nothingSeen, held: [heldBy(call.rules, 'read_only', 'it was reviewed as `read`')] }
}

function heldBy(rules: readonly Rule[], bound: Bound, detail: string): ConstraintResult {
  return { bound, ...namesOf(settersOf(rules, bound)), result: 'held', detail }
}

/** The rules that set a bound, as the record names them. */
export function namesOf(rules: readonly Pick<Rule, 'id'>[]): { rule?: string } {
  return rules.length === 0 ? {} : { rule: rules.map(({ id }) => id).join(', ') }
}

function refusal(call: BoundedCall, code: ReasonCode, bound: Bound = 'read_only', why: string): SqlChecked {
  return { ...nothingSeen, broken: brokenBy(call.rules, code, bound, why) }
}

function brokenBy(rules: readonly Rule[], code: ReasonCode, bound: Bound, why: string): Broken {
  const setting = settersOf(rules, bound)
  const alert = bound === 'blocked_tables' && code === 'CONSTRAINT_VIOLATED' ? 'blocked_table_attempt' : null
  return { code, bound, rules: setting, detail: `${setBy(bound, setting)}: ${why}`, alert, retryAfterSec: null }
}

/** A bound and who set it, as a sentence begins with it. */
export function setBy(bound: Bound, rules: readonly Pick<Rule, 'id'>[]): string {
  return rules.length === 0 ? `\`${bound}\`` : `\`${bound}\`, set by ${rules.map(({ id }) => `\`${id}\``).join(', ')}`
}

/** A call too many, in words that say which limit of which rule it was and when there is room again. */
export function tooManyCalls({ counted, retryAfterSec, full }: TooMany, rules: readonly Rule[]): Broken {
  const named = rules.filter(({ id }) => id === counted.rule)
  const why = full ? 'more is being counted than can be kept' : `at most ${inWords(counted.limit)}`
  const detail = `${setBy('rate_limit', named)}: ${why}; try again in ${retryAfterSec} s`
  return { code: 'RATE_LIMITED', bound: 'rate_limit', rules: named, detail, alert: 'rate_limited', retryAfterSec }
}

/** A limit in words. */
export function inWords({ max_calls, per_sec, by }: RateLimit): string {
  return `${max_calls} ${max_calls === 1 ? 'call' : 'calls'} in ${per_sec} s for each ${by}`
}
