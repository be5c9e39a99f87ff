import { functions } from './functions.ts'
import { type Blocked, blockedBy, blockedNames, refuseSystem } from './names.ts'
import { listOf, type Node, namesOf, nodeOf, partsOf, saysWhich } from './postgres-nodes.ts'
import { needsWhere } from './read-cut.ts'
import { refuseMoreRows } from './row-limit.ts'
import { onlyReads, type SqlBounds, type SqlReading, Unacceptable } from './verdict.ts'

// Nodes of PostgreSQL 18's raw parse tree (`parsenodes.h`, `primnodes.h`) that statements which read are made of. Others are refused.
const harmless = new Set(
  `RawStmt SelectStmt ResTarget ColumnRef A_Star A_Const A_Expr BoolExpr NullTest BooleanTest FuncCall RangeVar RangeSubselect
  RangeFunction RangeTableSample JoinExpr SubLink CaseExpr CaseWhen CoalesceExpr MinMaxExpr SortBy WindowDef WithClause
  CommonTableExpr CTESearchClause CTECycleClause TypeCast TypeName List String Integer Float Boolean BitString RowExpr A_ArrayExpr
  A_Indirection A_Indices GroupingSet GroupingFunc CollateClause Alias SQLValueFunction ParamRef NamedArgExpr`.split(
    /\s+/,
  ),
)
const changing = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt'])
const ofChanges = new Set([
  'OnConflictClause',
  'InferClause',
  'IndexElem',
  'MultiAssignRef',
  'SetToDefault',
  'ReturningClause',
])

const types = new Set(
  `int2 int4 int8 float4 float8 numeric bool text varchar bpchar char name date time timetz timestamp timestamptz interval json jsonb uuid
  bytea inet cidr macaddr bit varbit money point line lseg box path polygon circle oid regclass regtype int4range int8range numrange
  tsrange tstzrange daterange tsvector tsquery xml citext integer bigint smallint decimal real boolean string`.split(
    /\s+/,
  ),
)
const operators = new Set(
  `+ - * / % ^ |/ ||/ @ & | # ~ << >> = <> != < > <= >= || ~~ !~~ ~~* !~~* ~* !~ !~* -> ->> #> #>> @> <@ ? ?| ?& #- @? @@ && &< &>
  -|- <-> ^@`.split(/\s+/),
)

type Walk = {
  mayChange: boolean
  blocked: readonly Blocked[]
  ctes: ReadonlySet<string>
  found: { tables: string[][]; unbounded: boolean }
}

/** Reads the raw parse tree that PostgreSQL's own parser makes. Throws Unacceptable. */
export function readPostgres(tree: unknown, bounds: SqlBounds): SqlReading {
  const statements = listOf(nodeOf(tree).stmts)
  const raw = nodeOf(nodeOf(statements[0]).stmt)
  if (statements.length !== 1 || Object.keys(raw).length === 0)
    throw new Unacceptable(
      statements.length > 1 ? 'more than one statement; send one at a time' : 'there is no statement in the SQL',
    )
  const explain = raw.ExplainStmt === undefined ? null : nodeOf(raw.ExplainStmt)
  const statement = explain === null ? raw : nodeOf(explain.query)
  if (explain !== null) refuseRunning(explain)
  const [kind = ''] = Object.keys(statement)
  const found = { tables: [], unbounded: false } as Walk['found']
  const mayChange = bounds.read_only !== true
  walk(statement, { mayChange, blocked: blockedNames(bounds.blocked_tables ?? []), ctes: new Set(), found })
  if (bounds.require_where_clause && found.unbounded) throw new Unacceptable(needsWhere, 'require_where_clause')
  const body = nodeOf(statement[kind])
  const rowLimit = kind === 'SelectStmt' ? limitOf(body) : null
  const givesRows = explain === null && (kind === 'SelectStmt' || returns(body))
  if (bounds.max_rows !== undefined && givesRows) refuseMoreRows(rowLimit, bounds.max_rows, 'postgresql')
  return { ok: true, tables: found.tables, rowLimit }
}

/** `EXPLAIN ANALYZE` runs what it explains. */
function refuseRunning(explain: Node): void {
  const quiet = ['verbose', 'costs', 'format', 'settings', 'summary', 'generic_plan']
  for (const option of listOf(explain.options)) {
    const name = String(nodeOf(nodeOf(option).DefElem).defname)
    if (!quiet.includes(name))
      throw new Unacceptable(`\`EXPLAIN\` with \`${name}\` may run the statement; leave it out`, 'read_only')
  }
}

function returns(body: Node): boolean {
  return listOf(body.returningList).length > 0 || body.returningClause !== undefined
}

function walk(value: unknown, walking: Walk): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, walking)
    return
  }
  for (const [key, part] of Object.entries(nodeOf(value))) {
    // Nodes begin with a capital letter, their fields with a small one.
    if (/^[A-Z]/.test(key)) walkNode(key, nodeOf(part), walking)
    else if (typeof part === 'object') walkField(key, part, walking)
  }
}

/** Some fields hold the body of a node without its name. */
const bodies: Record<string, string> = {
  larg: 'SelectStmt',
  rarg: 'SelectStmt',
  relation: 'RangeVar',
  typeName: 'TypeName',
  withClause: 'WithClause',
  alias: 'Alias',
  over: 'WindowDef',
  onConflictClause: 'OnConflictClause',
  infer: 'InferClause',
  returningClause: 'ReturningClause',
  search_clause: 'CTESearchClause',
  cycle_clause: 'CTECycleClause',
  intoClause: 'IntoClause',
  collClause: 'CollateClause',
}

function walkField(field: string, part: unknown, walking: Walk): void {
  const kind = bodies[field]
  const inner = nodeOf(part)
  // Arguments of a join are nodes with their names.
  if (kind === undefined || Object.keys(inner).some((key) => /^[A-Z]/.test(key))) walk(part, walking)
  else walkNode(kind, inner, walking)
}

function walkNode(kind: string, node: Node, walking: Walk): void {
  const isChange = changing.has(kind)
  if (isChange && !walking.mayChange) throw new Unacceptable(`\`${kind}\` changes rows; ${onlyReads}`, 'read_only')
  if (!harmless.has(kind) && !isChange && !(walking.mayChange && ofChanges.has(kind)))
    throw new Unacceptable(`\`${kind}\` is no part of SQL that is known to be harmless; ${onlyReads}`, 'read_only')
  refuseHarm(kind, node, walking)
  const inside = kind === 'SelectStmt' || isChange ? statementWalk(node, walking) : walking
  for (const [field, part] of Object.entries(node)) {
    if (field === 'withClause' || typeof part !== 'object') continue
    // What is changed is a table, even if `WITH` names a query like it.
    walkField(field, part, isChange && field === 'relation' ? { ...inside, ctes: new Set() } : inside)
  }
}

/** What is known only from a node's own fields. */
function refuseHarm(kind: string, node: Node, walking: Walk): void {
  if (kind === 'SelectStmt' && listOf(node.lockingClause).length > 0)
    throw new Unacceptable('`FOR UPDATE` and its like lock rows; leave them out', 'read_only')
  if (kind === 'FuncCall') knownName(node.funcname, functions.postgresql, 'function')
  if (kind === 'TypeName' && listOf(node.names).length > 0) knownName(node.names, types, 'type')
  if (kind === 'RangeTableSample') knownName(node.method, new Set(['system', 'bernoulli']), 'sampling method')
  if (kind === 'A_Expr' || kind === 'SubLink' || kind === 'SortBy') {
    const name = partsOf(node.name ?? node.operName ?? node.useOp)
    // `BETWEEN` and the like are words here.
    const isWord = name.length === 1 && /^[A-Z ]+$/.test(name[0] ?? '')
    if (name.length > 0 && !isWord)
      knownName(
        name.map((sval) => ({ String: { sval } })),
        operators,
        'operator',
      )
  }
  if (kind === 'RangeVar') table(node, walking)
  if (kind === 'CommonTableExpr') refuseBlocked([String(node.ctename)], walking.blocked)
}

/** A name of the database's own, alone or in `pg_catalog`, and one of `known`. */
function knownName(list: unknown, known: ReadonlySet<string>, what: string): void {
  const parts = partsOf(list)
  const last = (parts.at(-1) ?? '').toLowerCase()
  const own = parts.length === 1 || (parts.length === 2 && parts[0] === 'pg_catalog')
  if (own && known.has(last)) return
  throw new Unacceptable(
    `the ${what} \`${parts.join('.')}\` is none of those that are known only to compute; leave it out`,
    'read_only',
  )
}

function table(node: Node, { blocked, ctes, found }: Walk): void {
  const name = [node.catalogname, node.schemaname, node.relname].filter((part) => typeof part === 'string')
  if (name.length === 1 && ctes.has(name[0] ?? '')) return
  refuseBlocked(name, blocked)
  if (blocked.length > 0) refuseSystem(name)
  found.tables.push(name)
}

function refuseBlocked(name: readonly string[], blocked: readonly Blocked[]): void {
  const said = blockedBy(name, blocked)
  if (said !== null)
    throw new Unacceptable(
      `\`${name.join('.')}\` is a blocked table (\`${said}\`), or is called like one`,
      'blocked_tables',
    )
}

/** Walks what stands in `WITH`, judges what the statement itself says, and answers how its parts are walked. */
function statementWalk(node: Node, walking: Walk): Walk {
  const clause = nodeOf(node.withClause)
  const ctes = listOf(clause.ctes).map((each) => nodeOf(nodeOf(each).CommonTableExpr))
  let inside = walking
  for (const cte of ctes) {
    const after = { ...inside, ctes: new Set([...inside.ctes, String(cte.ctename)]) }
    // Without RECURSIVE a query that names itself means a table.
    walkNode('CommonTableExpr', cte, clause.recursive === true ? after : inside)
    inside = after
  }
  const from = [...namesOf(listOf(node.fromClause)), ...namesOf(listOf(node.usingClause))]
  const readsTable =
    node.relation !== undefined || from.some((name) => name.length > 1 || !inside.ctes.has(name[0] ?? ''))
  const boundable = node.cols === undefined && node.selectStmt === undefined
  if (boundable && readsTable && !saysWhich(node.whereClause)) walking.found.unbounded = true
  return inside
}

/** The literal `LIMIT` or `FETCH FIRST` of the outermost query; null when there is none that binds. */
function limitOf(select: Node): number | null {
  if (select.limitOption !== 'LIMIT_OPTION_COUNT') return null
  const constant = nodeOf(nodeOf(select.limitCount).A_Const)
  if (constant.ival === undefined) return null
  const count = nodeOf(constant.ival).ival ?? 0
  return typeof count === 'number' && count >= 0 ? count : null
}
