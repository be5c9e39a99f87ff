/** How one database leaves out what it does not run: where such a piece begins, and where it ends by what follows. */
type Skipped = { begins: RegExp; ends: (rest: string, begin: string) => number }

const upTo = (end: RegExp) => (rest: string) => {
  const found = end.exec(rest)
  return found ? found.index + found[0].length : rest.length
}
/** Comments in comments. */
const nested = (rest: string) => {
  let depth = 1
  for (const found of rest.matchAll(/\/\*|\*\//g)) {
    depth += found[0] === '/*' ? 1 : -1
    if (depth === 0) return found.index + 2
  }
  return rest.length
}
const escaped = (quote: string) => upTo(new RegExp(`^(?:[^${quote}\\\\]|\\\\[\\s\\S]|${quote}${quote})*${quote}`))

/** A closing quote that is not doubled, read from the left. */
const quoted = (quote: string) => upTo(new RegExp(`^(?:[^${quote}]|${quote}${quote})*${quote}(?!${quote})`))
const text = { begins: /'/y, ends: quoted("'") }
const name = { begins: /"/y, ends: quoted('"') }
const backticked = { begins: /`/y, ends: quoted('`') }

const databases: Record<string, Skipped[]> = {
  postgresql: [
    { begins: /--/y, ends: upTo(/[\r\n]/) },
    { begins: /\/\*/y, ends: nested },
    { begins: /(?<![\p{L}\p{N}_$])e'/iuy, ends: escaped("'") },
    {
      begins: /(?<![\p{L}\p{N}_$])\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/uy,
      ends: (rest, begin) => (rest.includes(begin) ? rest.indexOf(begin) + begin.length : rest.length),
    },
    text,
    name,
  ],
  mysql: [
    { begins: /#|--(?=[\s\0]|$)/y, ends: upTo(/\n/) },
    { begins: /\/\*(?!M?!)/y, ends: upTo(/\*\//) },
    { begins: /'/y, ends: escaped("'") },
    { begins: /"/y, ends: escaped('"') },
    backticked,
  ],
  sqlite: [
    { begins: /--/y, ends: upTo(/\n/) },
    { begins: /\/\*/y, ends: upTo(/\*\//) },
    { begins: /\[/y, ends: upTo(/\]/) },
    text,
    name,
    backticked,
  ],
  tsql: [
    { begins: /--/y, ends: upTo(/\n/) },
    { begins: /\/\*/y, ends: nested },
    { begins: /\[/y, ends: quoted('\\]') },
    text,
    name,
  ],
}
export const databaseNames = Object.keys(databases)

/** Whether a database runs `DROP` in this SQL: it stands as a word outside of what the database leaves out. */
export function runsDrop(database: string, sql: string): boolean {
  const left: string[] = []
  for (let at = 0; at < sql.length; ) {
    const next = skippedAt(databases[database] ?? [], sql, at)
    left.push(next > at ? ' ' : (sql[at] ?? ''))
    at = Math.max(next, at + 1)
  }
  return /(?<![\p{L}\p{N}_$])DROP(?![\p{L}\p{N}_$])/u.test(left.join(''))
}

function skippedAt(all: readonly Skipped[], sql: string, at: number): number {
  for (const { begins, ends } of all) {
    begins.lastIndex = at
    const [begin] = begins.exec(sql) ?? []
    if (begin !== undefined) return at + begin.length + ends(sql.slice(at + begin.length), begin)
  }
  return at
}
