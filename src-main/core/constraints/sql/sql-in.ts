/** Names of arguments that hold SQL, in lower case and letters only. */
const names = new Set(
  'sql query queries statement statements sqlquery sqltext sqlstatement querytext querysql rawsql rawquery q'.split(
    ' ',
  ),
)

/** Names of arguments that hold what is said about a call, which may begin like SQL. */
export const prose = new Set(
  'description explanation reason reasoning comment title purpose summary thought note name'.split(' '),
)

/** How SQL begins, behind comments and brackets, for arguments whose name does not say so. */
const looks =
  /^[\s(;]*(?:--[^\n]*\n[\s(]*|\/\*(?:[^*]|\*(?!\/))*\*\/[\s(]*)*(?:select|with|insert|update|delete|create|drop|alter|merge|replace|values|explain|pragma|exec|execute|call|truncate|grant|revoke|begin|declare|copy|attach|vacuum|do|set|load)\b/i

/**
 * The one SQL text in a call's arguments: under a name that says so or looking like SQL, in the arguments themselves or one level
 * below; with `named`, in the argument of that name only. Null when there is none. `why`: several differ, so that nobody can tell
 * which the server runs, or there is something else than text.
 */
export function sqlIn(args: Record<string, unknown>, named: string | null = null): string | null | { why: string } {
  const values = named === null ? candidates(args) : Object.hasOwn(args, named) ? [args[named]] : []
  const texts = new Set(values.flat())
  if (texts.size > 1) return { why: 'the call holds several SQL texts; send one at a time' }
  if (values.length === 0) return null
  const [text] = texts
  return typeof text === 'string' ? text : { why: 'where the SQL belongs there is no text' }
}

function candidates(args: Record<string, unknown>): unknown[] {
  return Object.entries(args).flatMap(([key, value]) => {
    if (holdsSql(key, value)) return [value]
    const inner = (Array.isArray(value) ? value : [value]).flatMap((item) => entriesOf(key, item))
    return inner.filter(([name, text]) => holdsSql(name, text)).map(([, text]) => text)
  })
}

function entriesOf(key: string, value: unknown): [string, unknown][] {
  if (typeof value === 'string') return [[key, value]]
  return typeof value === 'object' && value !== null ? Object.entries(value) : []
}

function holdsSql(key: string, value: unknown): boolean {
  const name = key.toLowerCase().replace(/[^a-z]/g, '')
  if (names.has(name)) return typeof value !== 'object' || Array.isArray(value)
  return typeof value === 'string' && !prose.has(name) && looks.test(value)
}
