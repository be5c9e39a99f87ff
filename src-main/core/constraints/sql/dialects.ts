/** The kinds of SQL that can be read; a server speaks one of them, as a person has set it. */
export const dialects = ['postgresql', 'mysql', 'sqlite', 'tsql'] as const
export type Dialect = (typeof dialects)[number]

/** Those that are cut into words here, before a parser sees them. PostgreSQL is read by its own parser alone. */
export type CutDialect = Exclude<Dialect, 'postgresql'>

/** Whether a word names a kind of SQL that can be read. */
export function isDialect(word: string): word is Dialect {
  return (dialects as readonly string[]).includes(word)
}
