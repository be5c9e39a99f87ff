/** Names of arguments that hold SQL, in lower case and letters only. */
const names = new Set(
  `sql query queries statement statements sqlquery sqlqueries sqltext sqlstring sqlstatement sqlstatements sqlcode sqlcommand sqlscript
  querytext querysql rawsql rawquery q`.split(/\s+/),
)

/** Names of arguments that hold it where a server is known to speak SQL. */
const whereSqlIsSpoken = new Set('command commands cmd script scripts ddl dml'.split(' '))

/** Names of arguments that hold the values of parameters in SQL. */
const bound = new Set(
  'params parameters queryparams queryparameters sqlparams sqlparameters values bindings binds'.split(' '),
)

/** The name of an argument as it is compared: in lower case, letters only. */
export function lettersOf(key: string): string {
  return key.toLowerCase().replace(/[^a-z]/g, '')
}

/** Whether what an argument is called says that it holds SQL; `spoken`: its server is known to speak SQL. */
export function namesSql(key: string, spoken: boolean): boolean {
  const name = lettersOf(key)
  return names.has(name) || (spoken && whereSqlIsSpoken.has(name))
}

/** Whether what an argument is called says that it holds the values of parameters in SQL. */
export function namesBound(key: string): boolean {
  return bound.has(lettersOf(key))
}
