import { Unacceptable } from './verdict.ts'

/**
 * One spelling for all that a database may take for the same name: letters of either case or any width, with and without
 * accents, and with blanks at the end, which SQL Server does not count.
 */
export function folded(name: string): string {
  return name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().trimEnd()
}

/** What a rule blocks, ready for comparison. */
export type Blocked = { said: string; whole: string; parts: string[] }

/** Reads the names of a rule: a table, or a table with its schema, with or without quotes. */
export function blockedNames(names: readonly string[]): Blocked[] {
  return names.map((said) => {
    const bare = said.replace(/["`[\]]/g, '')
    return { said, whole: folded(bare), parts: bare.split('.').map(folded) }
  })
}

/**
 * The name in a rule that blocks a table, or null. The last part decides; what stands before it counts only as far as both
 * say it: `secrets` blocks `hr.secrets`, and `hr.secrets` blocks `secrets`, which may well be that one.
 */
export function blockedBy(table: readonly string[], blocked: readonly Blocked[]): string | null {
  const parts = table.map(folded)
  const found = blocked.find(({ whole, parts: other }) => {
    if (parts.at(-1) === whole) return true
    if (parts.at(-1) !== other.at(-1)) return false
    const shared = Math.min(parts.length, other.length)
    return shared > 0 && parts.slice(-shared).join('\0') === other.slice(-shared).join('\0')
  })
  return found?.said ?? null
}

/** Tables that SQLite's full text and spatial indexes keep the rows of another table in. */
const shadows = /_(content|data|idx|docsize|config|segments|segdir|stat|node|rowid|parent|chunks|info|rowids)$/

/** What a table may hold the rows of, besides itself. */
export function shadowOf(table: readonly string[]): string[] {
  const last = folded(table.at(-1) ?? '')
  return shadows.test(last) ? [...table.slice(0, -1), last.replace(shadows, '')] : []
}

/** Schemas in which databases keep what they know of tables; some of it is values from their rows. */
const systemSchemas = new Set(['information_schema', 'pg_catalog', 'pg_toast', 'mysql', 'performance_schema', 'sys'])
const systemNames =
  /^(pg_|sqlite_|pragma_|sys(objects|columns|comments|indexes|files|users|logins|processes)$|dbstat$|bytecode$)/

/** What of it tells names and types only. */
const harmless = new Set(
  `tables columns schemata views table_constraints key_column_usage referential_constraints constraint_column_usage routines
  statistics character_sets collations pg_class pg_namespace pg_attribute pg_type pg_index pg_indexes pg_constraint pg_tables
  pg_views pg_database pg_roles pg_description pg_extension pg_enum sqlite_master sqlite_schema objects schemas types indexes
  index_columns foreign_keys foreign_key_columns key_constraints databases`.split(/\s+/),
)

/** Throws when a table is one of the database's own that may hold rows of a blocked table. */
export function refuseSystem(table: readonly string[]): void {
  const parts = table.map(folded)
  const last = parts.at(-1) ?? ''
  const ofSystem = parts.slice(0, -1).some((part) => systemSchemas.has(part)) || systemNames.test(last)
  if (!ofSystem || harmless.has(last)) return
  throw new Unacceptable(
    `\`${table.join('.')}\` belongs to the database itself and may show what blocked tables hold; leave it out`,
    'blocked_tables',
  )
}
