import type { SqlDialect, TrustLevel } from '../../shared/envelope.ts'

/** How far a server is trusted, in a word, and what that does to its calls. */
export const trustWords: Record<TrustLevel, { word: string; means: string }> = {
  trusted: { word: 'Trusted', means: 'You know who wrote it. Adds nothing to the risk of its calls.' },
  restricted: { word: 'Restricted', means: 'The usual choice. Adds a little to the risk of its calls.' },
  sandbox: {
    word: 'Sandbox',
    means: 'You only try it. Adds most to the risk; what no rule is about is denied.',
  },
}

/** Dialects of SQL as people write them. */
export const dialectWords: Record<SqlDialect, string> = {
  postgresql: 'PostgreSQL',
  mysql: 'MySQL',
  sqlite: 'SQLite',
  tsql: 'SQL Server (T-SQL)',
}
