// Reads SQL in a thread of its own: how long a parser takes cannot be bounded, but a thread can be ended, and that gives its memory
// back. A parser is loaded when its dialect is first asked for.
import { parentPort } from 'node:worker_threads'
import type { Dialect } from './dialects.ts'
import { judgeSql } from './judge.ts'
import type { Parse } from './read-cut.ts'
import type { SqlBounds } from './verdict.ts'

/** What the thread is asked; without `text` only to be ready for the dialect. */
export type Question = { text: string | null; dialect: Dialect; bounds: SqlBounds }

const parsers: Partial<Record<Dialect, Parse>> = {}

async function load(dialect: Dialect): Promise<Parse> {
  if (dialect === 'postgresql') {
    const { loadModule, parseSync } = await import('libpg-query')
    await loadModule()
    return parseSync
  }
  const { default: built } = await parserOf(dialect)
  const parser = new built.Parser()
  return (text) => parser.parse(text).ast
}

function parserOf(dialect: Exclude<Dialect, 'postgresql'>) {
  if (dialect === 'mysql') return import('node-sql-parser/build/mysql.js')
  return dialect === 'sqlite'
    ? import('node-sql-parser/build/sqlite.js')
    : import('node-sql-parser/build/transactsql.js')
}

parentPort?.on('message', async ({ text, dialect, bounds }: Question) => {
  parsers[dialect] ??= await load(dialect)
  const parse = parsers[dialect]
  // What the first reading makes of a parser's code is not on the time of the text that comes next.
  const verdict = judgeSql(text ?? 'SELECT a FROM t WHERE b = 1', dialect, bounds, parse)
  parentPort?.postMessage(verdict)
})
