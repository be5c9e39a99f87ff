import { cut } from './cut.ts'
import type { Dialect } from './dialects.ts'
import { folded } from './names.ts'
import { Unacceptable } from './verdict.ts'

/** What the database says of one name: what it reads besides itself, or null when that cannot be told; `said`: that there was a line about it. */
type Told = { said: boolean; reads: string[][] | null }

/**
 * Asks the database about names, through the server, as every query does: one SQL text, and all the text of the answer, whatever its
 * form; null when there was no answer.
 */
export type AskDatabase = (sql: string) => Promise<string | null>

/**
 * What a database is asked about names, and how its answer is read. Of each name that it knows there is one line, never more: a name
 * without one is unknown, or its line was cut off, as servers do that give back so many rows and no more.
 */
type Schema = {
  question: (tables: readonly string[][], mark: string) => string
  reads: (found: Found) => string[][] | null
}
/** One line of an answer: what kind of thing the name is that it is about, and pairs of texts. */
type Found = { kind: string; pairs: [string, string][] }

const hex = (text: string): string => Buffer.from(text, 'utf8').toString('hex')
const utf16 = (text: string): string => Buffer.from(text, 'utf16le').toString('hex')
const inDoubleQuotes = (part: string): string => `"${part.replaceAll('"', '""')}"`
const inBrackets = (part: string): string => `[${part.replaceAll(']', ']]')}]`

/** Lines stand between marks that no data holds, as letters and digits that every server hands over as they are. */
const schemas: Record<Dialect, Schema> = {
  postgresql: {
    // What a view reads, what inherits from a table or is a partition of it, and the other way round; to any depth.
    question: (tables, mark) => `WITH RECURSIVE asked(n, oid) AS (
  SELECT n, to_regclass(convert_from(decode(h, 'hex'), 'UTF8'))::oid
  FROM (VALUES ${tables.map((table, n) => `(${n}, '${hex(table.map(inDoubleQuotes).join('.'))}')`).join(', ')}) AS v(n, h)
), reads(n, oid) AS (
  SELECT n, oid FROM asked WHERE oid IS NOT NULL
  UNION
  SELECT r.n, t.next FROM reads r JOIN (
    SELECT w.ev_class AS oid, d.refobjid AS next FROM pg_catalog.pg_rewrite w JOIN pg_catalog.pg_depend d
      ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = w.oid AND d.refclassid = 'pg_catalog.pg_class'::regclass
    UNION ALL SELECT inhparent, inhrelid FROM pg_catalog.pg_inherits
    UNION ALL SELECT inhrelid, inhparent FROM pg_catalog.pg_inherits
  ) t ON t.oid = r.oid
)
SELECT '${mark}x' || r.n || 'x' || CASE WHEN bool_or(c.relkind = 'f' OR EXISTS (
    SELECT 1 FROM pg_catalog.pg_rewrite w JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass
      AND d.objid = w.oid WHERE w.ev_class = c.oid AND d.refclassid = 'pg_catalog.pg_proc'::regclass
  )) THEN 'unknown' ELSE 'table' END
  || 'x' || string_agg(encode(convert_to(s.nspname, 'UTF8'), 'hex') || 'y' || encode(convert_to(c.relname, 'UTF8'), 'hex'), 'z')
  || 'x${mark}' AS found
FROM reads r JOIN pg_catalog.pg_class c ON c.oid = r.oid JOIN pg_catalog.pg_namespace s ON s.oid = c.relnamespace
GROUP BY r.n`,
    reads: ({ kind, pairs }) => (kind === 'table' ? pairs : null),
  },
  sqlite: {
    // Here the names that are none of a table have a line too: most words of a definition are.
    question: (
      tables,
      mark,
    ) => `SELECT '${mark}x' || v.n || 'x' || CASE WHEN count(m.type) = 0 THEN 'none' ELSE 'table' END
  || 'x' || coalesce(group_concat(hex(m.type) || 'y' || hex(coalesce(m.sql, '')), 'z'), '') || 'x${mark}' AS found
FROM (${tables
      .map((table, n) => `SELECT ${n} AS n, CAST(x'${hex(table.at(-1) ?? '')}' AS TEXT) AS name`)
      .join(' UNION ALL ')}) AS v
LEFT JOIN (SELECT type, name, sql FROM sqlite_master UNION ALL SELECT type, name, sql FROM sqlite_temp_master) AS m
  ON lower(m.name) = lower(v.name) AND m.type IN ('table', 'view') GROUP BY v.n`,
    // A definition is not trusted to be read right: each name in it is one that it may read, for a virtual table its strings too.
    reads: ({ kind, pairs }) =>
      kind === 'none'
        ? null
        : pairs
            .filter(([type, sql]) => type === 'view' || /^\s*create\s+virtual/i.test(sql))
            .flatMap(([, sql]) => cut(sql, 'sqlite'))
            .filter((token) => ['word', 'quoted', 'string'].includes(token.kind))
            .map((token) => [token.text.split('.').at(-1) ?? '']),
  },
  mysql: {
    // Its names may be compared in more than one way: then all that answer to one must be tables.
    question: (tables, mark) => `SELECT CONCAT('${mark}x', v.n, 'x', CASE WHEN MIN(CASE WHEN t.table_type = 'BASE TABLE'
  AND t.engine IN ('InnoDB', 'MyISAM', 'Aria', 'MEMORY', 'ROCKSDB', 'ndbcluster') THEN 1 ELSE 0 END) = 1
  THEN 'table' ELSE 'unknown' END, 'xx${mark}') AS found
FROM (${tables
      .map((table, n) => {
        const schema = table.length > 1 ? `CONVERT(UNHEX('${hex(table.at(-2) ?? '')}') USING utf8mb4)` : 'DATABASE()'
        return `SELECT ${n} AS n, ${schema} AS s, CONVERT(UNHEX('${hex(table.at(-1) ?? '')}') USING utf8mb4) AS name`
      })
      .join(' UNION ALL ')}) AS v
JOIN information_schema.tables AS t ON t.table_schema = v.s AND t.table_name = v.name GROUP BY v.n`,
    reads: ({ kind }) => (kind === 'table' ? [] : null),
  },
  tsql: {
    // Numbers of objects are those of this database: in another one they are other objects.
    question: (
      tables,
      mark,
    ) => `SELECT CONCAT('${mark}x', v.n, 'x', CASE WHEN o.type = 'U' THEN 'table' ELSE 'unknown' END,
  'xx${mark}') AS found
FROM (VALUES ${tables
      .map((table, n) => {
        const database =
          table.length > 2 ? `CONVERT(nvarchar(400), 0x${utf16(table.at(-3) ?? '')})` : 'CONVERT(nvarchar(400), NULL)'
        return `(${n}, CONVERT(nvarchar(1600), 0x${utf16(table.map(inBrackets).join('.'))}), ${database})`
      })
      .join(', ')}) AS v(n, name, db)
JOIN sys.objects AS o ON o.object_id = OBJECT_ID(v.name) AND (v.db IS NULL OR DB_ID(v.db) = DB_ID())`,
    reads: ({ kind }) => (kind === 'table' ? [] : null),
  },
}

/** More names than this are not asked about, and definitions not followed deeper than `maxRounds`. */
const maxNames = 100
const maxRounds = 8

/**
 * What tables really read, as the database says right now: a view is as good as the tables behind it. Throws Unacceptable when the
 * database cannot be asked, or does not say it of one of them.
 */
export async function whatIsRead(tables: readonly string[][], dialect: Dialect, ask: AskDatabase): Promise<string[][]> {
  const known = new Map<string, string[]>()
  let unknown = tables
  for (let round = 0; unknown.length > 0; round++) {
    if (round >= maxRounds || known.size + unknown.length > maxNames)
      throw new Unacceptable('views that lead too far to be followed', 'blocked_tables')
    const answers = await askAbout(unknown, dialect, ask)
    for (const table of unknown) known.set(keyOf(table), table)
    const reads = answers.flatMap((answer, index) => {
      if (answer.reads !== null) return answer.reads
      // Of words in a definition most are no tables; only what somebody named must be one.
      if (round > 0 && answer.said) return []
      throw new Unacceptable(round > 0 ? notWhole : notTold(unknown[index] ?? []), 'blocked_tables')
    })
    const fresh = new Map(reads.filter((table) => !known.has(keyOf(table))).map((table) => [keyOf(table), table]))
    // PostgreSQL has followed them itself.
    unknown = dialect === 'sqlite' ? [...fresh.values()] : []
    if (dialect !== 'sqlite') for (const [key, table] of fresh) known.set(key, table)
  }
  return [...known.values()]
}

const notWhole = 'the server does not hand over all that the database says of a view; use tables that are no views'

function notTold(table: readonly string[]): string {
  return `the database does not say what \`${table.join('.')}\` reads, which may be a blocked table; use tables that are no views`
}

/** Databases tell more names apart than `blocked_tables` does. */
function keyOf(table: readonly string[]): string {
  return JSON.stringify(table).replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}

async function askAbout(tables: readonly string[][], dialect: Dialect, ask: AskDatabase): Promise<Told[]> {
  const mark = `tg${crypto
    .randomUUID()
    .replaceAll('-', '')
    .replaceAll(/[^0-9]/g, '7')}`
  const answer = await ask(schemas[dialect].question(tables, mark))
  const lines = answer === null ? null : linesOf(answer, mark)
  return tables.map((table, index) => {
    const [line, ...more] = [...(lines?.get(index)?.values() ?? [])]
    // SQLite has no schema for other files that are attached.
    const elsewhere = dialect === 'sqlite' && table.length > 1 && !['main', 'temp'].includes(folded(table[0] ?? ''))
    if (line === undefined || more.length > 0 || elsewhere) return { said: false, reads: null }
    return { said: true, reads: schemas[dialect].reads(line) }
  })
}

/** The lines about each name; servers may give an answer twice, as text and as data. */
function linesOf(answer: string, mark: string): Map<number, Map<string, Found>> {
  const lines = new Map<number, Map<string, Found>>()
  for (const [text, index, kind = '', pairs = ''] of answer.matchAll(
    new RegExp(`${mark}x(\\d+)x([a-z]+)x([0-9a-fyz]*)x${mark}`, 'gi'),
  )) {
    const about = lines.get(Number(index)) ?? new Map<string, Found>()
    lines.set(Number(index), about.set(text, { kind, pairs: pairs === '' ? [] : pairs.split('z').map(pairOf) }))
  }
  return lines
}

function pairOf(pair: string): [string, string] {
  const [first = '', second = ''] = pair.split('y').map((text) => Buffer.from(text, 'hex').toString('utf8'))
  return [first, second]
}
