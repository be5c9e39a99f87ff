import { afterAll, describe, expect, it } from 'vitest'
import { readingThread } from '../../../../src-main/core/constraints/sql/reading-thread.ts'
import { type Attempts, boundsOf } from './attempts.ts'
import { mysql } from './mysql.ts'
import { postgresql } from './postgresql.ts'
import { sqlite } from './sqlite.ts'
import { tsql } from './tsql.ts'

const dialects = { postgresql, mysql, sqlite, tsql }
const thread = readingThread()
afterAll(thread.close)

function short(sql: string): string {
  return sql.length > 120 ? `${sql.slice(0, 120)}… (${sql.length})` : sql
}

for (const [dialect, attempts] of Object.entries(dialects) as [keyof typeof dialects, Attempts][]) {
  describe(dialect, () => {
    const groups = Object.entries(attempts) as [keyof Attempts, readonly string[]][]
    for (const [group, texts] of groups) {
      it(group === 'harmless' ? 'lets through what does no harm' : `refuses what gets around: ${group}`, async () => {
        const wrong: string[] = []
        for (const sql of texts) {
          const verdict = await thread.read(sql, dialect, boundsOf[group])
          const asExpected = group === 'harmless' ? verdict.ok : !verdict.ok
          if (!asExpected) wrong.push(`${short(sql)}   ${verdict.ok ? '' : verdict.why}`)
          else if (!verdict.ok && /has failed/.test(verdict.why)) wrong.push(`${short(sql)}   ${verdict.why}`)
          // What cannot be read may be refused for that; else a bound is named that was asked for.
          else if (!verdict.ok && verdict.bound !== null && boundsOf[group][verdict.bound] === undefined)
            wrong.push(`${short(sql)}   refused by ${verdict.bound}`)
        }
        expect(wrong).toEqual([])
      })
    }
    it('holds at least 60 attempts and 30 harmless queries, each only once', () => {
      const { harmless, ...bad } = attempts
      const all = Object.values(bad).flatMap((texts) => [...new Set(texts)])
      expect(new Set(all).size).toBeGreaterThanOrEqual(60)
      expect(new Set(harmless).size).toBeGreaterThanOrEqual(30)
    })
  })
}
