import { lettersOf, namesBound, namesSql } from './argument-names.ts'
import { beginsLikeSql } from './begins.ts'
import { declares, namesNothing, openArguments, type Path } from './declared.ts'

/** Names of arguments that hold what is said about a call, which may begin like SQL. */
export const prose = new Set(
  'description explanation reason reasoning comment title purpose summary thought note name'.split(' '),
)

/**
 * What is known of a tool that may take SQL. `named`: the argument that review says it is in, null when it names none; `schema`: what its
 * arguments are, as reviewed; `spoken`: whether its server is known to speak SQL.
 */
export type SqlTool = { named: string | null; schema: unknown; spoken: boolean }

/** Something in arguments that is SQL by its name or by how it begins. */
type Candidate = { path: Path; value: unknown }

/** Names inside each other that SQL may stand under, steps that lead there, and steps after which nothing is looked at any more. */
const most = { names: 2, steps: 3, looked: 50 }

/** How a person says which argument holds the SQL. */
const settle = '`toolgate servers approve NAME --tool TOOL:sql_argument=…`'

/**
 * The one SQL text in a call's arguments: under a name that says so or looking like SQL, in the arguments themselves or one level
 * below; with `named`, in the argument of that name only. Null when there is none. `why`: several differ, or one stands where the
 * tool as it was reviewed takes nothing, so that nobody can tell which the server runs; or there is something else than text.
 */
export function sqlIn(args: Record<string, unknown>, tool: SqlTool): string | null | { why: string } {
  const { named, spoken } = tool
  const found = candidatesIn(args, [], tool)
  const strange = found.find(({ path }) => path[0] !== named && !isExpected(path, tool))
  if (spoken && strange) return { why: unexpected(strange.path, tool) }
  const near = found.filter(({ path }) => isNear(path)).map(({ value }) => value)
  const values = named === null ? near : Object.hasOwn(args, named) ? [args[named]] : []
  if (values.length === 0)
    return spoken && found.length > 0
      ? { why: `SQL belongs into \`${named}\`, as review says; leave the rest out` }
      : null
  const texts = new Set(values.flat())
  if (texts.size > 1) return { why: several(named) }
  const [text] = texts
  return typeof text === 'string' ? text : { why: 'where the SQL belongs there is no text' }
}

/** The argument of a tool that alone can hold SQL, as its schema has it; null when none can, or several. */
export function sqlArgumentOf(schema: unknown): string | null {
  const open = openArguments(schema)?.filter(({ name }) => !prose.has(lettersOf(name)) && !isBound([name], schema))
  const [first, ...more] = open ?? []
  return first?.isText && more.length === 0 && namesSql(first.name, true) ? first.name : null
}

/** What a review names is where the SQL is; beside it only what the tool does not take at all could be another. */
function isExpected(path: Path, { named, schema }: SqlTool): boolean {
  return named === null ? isNear(path) && declares(schema, path) : declares(schema, path.slice(0, 1))
}

function isNear(path: Path): boolean {
  return path.length <= most.steps && path.filter((step) => step !== null).length <= most.names
}

/** Whether what stands there is the values of parameters in SQL: it is called so, and it is not what the tool's other arguments are in. */
function isBound(path: Path, schema: unknown): boolean {
  const name = path.at(-1)
  return typeof name === 'string' && namesBound(name) && declares(schema, path) && namesNothing(schema, path)
}

function several(named: string | null): string {
  const settled = named === null ? `, or have a person say which argument holds it: ${settle}` : ''
  return `the call holds several SQL texts; send one at a time${settled}`
}

function unexpected(path: Path, { named, schema }: SqlTool): string {
  const names = path.filter((step) => step !== null)
  const said = names.join('.')
  if (named === null && names.length === 1 && namesNothing(schema, []))
    return `\`${said}\` may be SQL, and the tool as it was reviewed names no arguments; have a person say which one holds it: ${settle}`
  return `\`${said}\` may be SQL, and the tool as it was reviewed takes none there; leave it out`
}

function candidatesIn(value: unknown, path: Path, tool: SqlTool, below = false): Candidate[] {
  const name = path.findLast((step) => step !== null)
  // The values of parameters are any text, so that they are SQL only where they begin like nothing else.
  const bound = below || isBound(path, tool.schema)
  if (path.length > most.looked || (typeof name === 'string' && holdsSql(name, value, tool.spoken, bound)))
    return [{ path, value }]
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return value.flatMap((item) => candidatesIn(item, [...path, null], tool, bound))
  return Object.entries(value).flatMap(([key, member]) => candidatesIn(member, [...path, key], tool, bound))
}

function holdsSql(key: string, value: unknown, spoken: boolean, bound: boolean): boolean {
  if (namesSql(key, spoken)) return typeof value !== 'object' || Array.isArray(value)
  return typeof value === 'string' && !prose.has(lettersOf(key)) && beginsLikeSql(value, spoken && !bound)
}
