import { afterEach, expect, test } from 'vitest'
import { dialects } from '../../../../src-main/core/constraints/sql/dialects.ts'
import { readingThread } from '../../../../src-main/core/constraints/sql/reading-thread.ts'

let thread = readingThread()
afterEach(() => {
  thread.close()
  thread = readingThread()
})

const nested = (times: number, open: string, inside: string, close: string) =>
  open.repeat(times) + inside + close.repeat(times)

/** What costs parsers most, below what is refused for its length. */
const hostile = [
  `SELECT ${nested(60, '(', '1', ')')}`,
  `SELECT ${nested(20_000, '(', '1', ')')}`,
  `SELECT ${nested(60, 'CASE WHEN a = 1 THEN ', '1', ' END')} FROM t`,
  `SELECT * FROM ${nested(60, '(SELECT * FROM ', 't', ') x')}`,
  `SELECT * FROM t WHERE ${nested(60, '(a = 1 AND ', 'b = 1', ')')}`,
  `SELECT * FROM t WHERE ${'NOT '.repeat(4000)}a = 1`,
  `SELECT ${'- '.repeat(7000)}1`,
  `SELECT 1${' + 1'.repeat(3900)}`,
  `SELECT * FROM t WHERE a IN (${Array(3900).fill(1).join(',')})`,
  `SELECT * FROM t WHERE a IN (${Array(21_000).fill(12).join(',')})`,
  Array(900).fill('SELECT a FROM t').join(' UNION ALL '),
  `SELECT * FROM t WHERE ${Array(1900).fill('a = 1').join(' OR ')}`,
  `SELECT ${'t.'.repeat(3900)}a FROM t`,
  `SELECT ${'/**/'.repeat(15_000)}1`,
  `SELECT 1 ${'--\n'.repeat(20_000)}`,
  `SELECT '${"''".repeat(30_000)}'`,
]

test('no text stops what comes after it, and each is answered in time', { timeout: 120_000 }, async () => {
  for (const dialect of dialects) {
    for (const sql of hostile) {
      const began = performance.now()
      const verdict = await thread.read(sql, dialect, { read_only: true, require_where_clause: true, max_rows: 5 })
      // By the clock, with a thread that may have to start first, on a machine that does other things.
      expect(performance.now() - began, sql.slice(0, 60)).toBeLessThan(5000)
      if (!verdict.ok) expect(verdict.why).not.toContain('has failed')
      expect(await thread.read('SELECT a FROM t', dialect, { read_only: true })).toMatchObject({ ok: true })
    }
  }
})

test('the event loop goes on while a text is read', async () => {
  await thread.read('SELECT 1', 'mysql', {})
  let longest = 0
  let last = performance.now()
  const beat = setInterval(() => {
    longest = Math.max(longest, performance.now() - last)
    last = performance.now()
  }, 1)
  const cpu = process.threadCpuUsage()
  for (const sql of hostile) await thread.read(sql, 'mysql', { read_only: true })
  const { user, system } = process.threadCpuUsage(cpu)
  clearInterval(beat)
  expect(longest).toBeGreaterThan(0)
  // What this thread itself did for all of them together.
  expect((user + system) / 1000).toBeLessThan(1000)
})

test('many texts at once are read one after the other; too many are refused, and say so', async () => {
  const verdicts = await Promise.all(
    Array.from({ length: 100 }, (_, index) =>
      thread.read(`SELECT a FROM t LIMIT ${index}`, 'sqlite', { max_rows: 99 }),
    ),
  )
  expect(verdicts.slice(0, 64).map((verdict) => verdict.ok && verdict.rowLimit)).toEqual(
    Array.from({ length: 64 }, (_, index) => index),
  )
  expect(verdicts.slice(64).every((verdict) => !verdict.ok && verdict.why.includes('wait'))).toBe(true)
})

test('one thread after the other takes over, and no text is lost', { timeout: 60_000 }, async () => {
  for (let index = 0; index < 400; index++) {
    expect(await thread.read(`SELECT a FROM t WHERE b = ${index}`, 'tsql', { read_only: true })).toMatchObject({
      tables: [['t']],
    })
  }
})

test('no thread runs before it is needed, nor after it is closed', async () => {
  expect(thread.running()).toBe(false)
  await thread.read('SELECT 1', 'sqlite', {})
  expect(thread.running()).toBe(true)
  thread.close()
  expect(thread.running()).toBe(false)
  expect(await thread.read('SELECT 1', 'sqlite', {})).toMatchObject({ ok: false, bound: null })
})
