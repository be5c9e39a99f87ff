import { isObject } from '../../../../shared/is-object.ts'
import type { CutDialect } from './dialects.ts'
import type { PlainText } from './plain-text.ts'
import { onlyReads, Unacceptable } from './verdict.ts'

type Node = Record<string, unknown>

/** What a parser's tree of one statement says: the tables it names, and the parts of it that read tables without saying which rows. */
export type TreeReading = { tables: string[][]; unbounded: boolean }

const reading = new Set(['select', 'explain'])
const changing = new Set(['insert', 'update', 'delete', 'replace'])

// Kinds of nodes that node-sql-parser 5 makes of expressions. What is none of them is refused, whatever it is.
const expressions = new Set(
  `column_ref number bigint single_quote_string double_quote_string backticks_quote_string string var_string hex_string
  full_hex_string bit_string null bool boolean binary_expr unary_expr function aggr_func star expr_list expr case when else cast interval
  param origin default window window_func values value dual single_quote_string range regexp_binary natural_string date time
  timestamp datetime extract ASC DESC tablefunc table_ref paren unary any all exists row_value collate on_duplicate
  expr_order group_concat separator literal_string fulltext_search rows between cte`.split(/\s+/),
)

/** Reads a parser's tree of SQL. Throws Unacceptable when it is not one statement of known parts. */
export function readTree(tree: unknown, plain: PlainText, dialect: CutDialect, mayChange: boolean): TreeReading {
  const statements = Array.isArray(tree) ? tree : [tree]
  const [statement] = statements
  if (statements.length !== 1 || !isObject(statement))
    throw new Unacceptable(
      statements.length > 1 ? 'more than one statement; send one at a time' : 'there is no statement in the SQL',
    )
  const found: TreeReading = { tables: [], unbounded: false }
  walk(statement, { plain, mayChange, dialect, ctes: new Set(), found }, true)
  return found
}

/**
 * `ctes`: the names that `WITH` gave and that hold here, as they are written. Whether a database takes another spelling for the same is
 * not known, and it is asked about names that are not among them.
 */
type Walk = {
  plain: PlainText
  mayChange: boolean
  dialect: CutDialect
  ctes: ReadonlySet<string>
  found: TreeReading
}

function walk(value: unknown, walking: Walk, outermost = false): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, walking)
    return
  }
  if (!isObject(value)) return
  const { type } = value
  const isStatement = typeof type === 'string' && (reading.has(type) || changing.has(type))
  if (typeof type === 'string' && !isStatement && !expressions.has(type))
    throw new Unacceptable(`\`${type}\` is no part of SQL that is known to be harmless; ${onlyReads}`, 'read_only')
  if (isStatement && !(reading.has(type) || (walking.mayChange && outermost)))
    throw new Unacceptable(`\`${type}\` changes rows; ${onlyReads}`, 'read_only')
  const inside = isStatement && type !== 'explain' ? withCtes(value, walking) : walking
  if (isStatement) readStatement(value, inside)
  // What `WITH` names holds after the statement's end only where no bracket ends it, and at the very beginning none can.
  const after = outermost && /^with\b/i.test(walking.plain.text) ? inside : walking
  for (const [key, part] of Object.entries(value)) {
    // Lists that the parser makes beside its tree; and what is walked name by name.
    if (key === 'tableList' || key === 'columnList' || key === 'with') continue
    // The next query of a `UNION` hangs below the one before it, and so does what follows its bracket.
    walk(part, key.startsWith('_') ? after : inside)
  }
}

/** Walks what stands in `WITH`, and answers how what follows is walked. Each query there knows only the names before its own. */
function withCtes(statement: Node, walking: Walk): Walk {
  const list = (Array.isArray(statement.with) ? statement.with : []).filter(isObject)
  // Outside of MySQL a query that names itself means itself, and not a table.
  const recursive = walking.dialect !== 'mysql' || list.some((each) => each.recursive)
  let known = walking
  for (const cte of list) {
    const name = nameIn(cte.name)
    if (name === null) throw new Unacceptable('`WITH` without a name')
    const after = { ...known, ctes: new Set([...known.ctes, name]) }
    walk({ ...cte, name: null }, recursive ? after : known)
    known = after
  }
  return known
}

function nameIn(name: unknown): string | null {
  if (typeof name === 'string') return name
  return isObject(name) && typeof name.value === 'string' ? name.value : null
}

function readStatement(statement: Node, walking: Walk): void {
  if (
    isObject(statement.into) &&
    statement.type === 'select' &&
    Object.values(statement.into).some((part) => part !== null)
  )
    throw new Unacceptable('`INTO` writes', 'read_only')
  if (statement.locking_read || statement.for_update)
    throw new Unacceptable('`FOR UPDATE` and its like lock rows; leave them out', 'read_only')
  // What is changed is a table even if `WITH` names a query like it; but in SQL Server it is that query, and so what that reads.
  const changes = typeof statement.type === 'string' && changing.has(statement.type)
  const named = changes && walking.dialect !== 'tsql' ? { ...walking, ctes: new Set<string>() } : walking
  const sources = [statement.from, statement.table].flat().filter(isObject)
  const tables = sources.map((source) => tableIn(source, named)).filter((table) => table !== null)
  walking.found.tables.push(...tables)
  const boundable = statement.type !== 'insert' && statement.type !== 'replace'
  if (boundable && tables.length > 0 && !saysWhich(statement.where, walking.dialect === 'mysql'))
    walking.found.unbounded = true
}

/** The parts of a table's name; null for what is none: a query in brackets, or the name that `WITH` gave one. */
function tableIn(source: Node, { plain, ctes }: Walk): string[] | null {
  if (typeof source.table !== 'string') {
    if (isObject(source.expr) || source.type === 'dual') return null
    throw new Unacceptable('something in `FROM` that is neither a table nor a query in brackets')
  }
  // Some dialects put several parts into one.
  const before = [source.server, source.db, source.schema]
    .filter((part) => typeof part === 'string' && part !== '')
    .flatMap((part) => String(part).split('.'))
  if (source.server) throw new Unacceptable('a name with four parts reaches another server', 'read_only')
  if (before.length === 0 && ctes.has(source.table)) return null
  return [...before, source.table].map((part) => {
    const name = plain.nameOf(part)
    if (name === null) throw new Unacceptable('a string where the name of a table belongs')
    return name
  })
}

/**
 * Whether a condition says which rows: in each of its alternatives a column is compared with something else. It is no proof that
 * few rows remain: it is against conditions that were forgotten, or that mean nothing.
 */
function saysWhich(condition: unknown, mysql: boolean): boolean {
  if (!isObject(condition)) return false
  const operator = typeof condition.operator === 'string' ? condition.operator.toUpperCase() : ''
  // MySQL takes it for OR, which binds less than the parser thinks, unless it is told to take it for text that is put together.
  if (mysql && holdsOr(condition)) return false
  if (operator === 'OR' || operator === '||')
    return saysWhich(condition.left, mysql) && saysWhich(condition.right, mysql)
  if (operator === 'AND' || operator === '&&')
    return saysWhich(condition.left, mysql) || saysWhich(condition.right, mysql)
  if (condition.type === 'expr_list' && Array.isArray(condition.value) && condition.value.length === 1)
    return saysWhich(condition.value[0], mysql)
  if (condition.type === 'binary_expr' && JSON.stringify(condition.left) === JSON.stringify(condition.right))
    return false
  return namesColumn(condition)
}

function holdsOr(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsOr)
  if (!isObject(value) || value.type === 'select' || 'ast' in value) return false
  return value.operator === '||' || Object.values(value).some(holdsOr)
}

function namesColumn(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(namesColumn)
  if (!isObject(value)) return false
  if (value.type === 'column_ref') return value.column !== '*' && !/^(true|false)$/i.test(String(value.column))
  // What a query in brackets compares is its own.
  if (value.type === 'select' || 'ast' in value) return false
  return Object.values(value).some(namesColumn)
}
