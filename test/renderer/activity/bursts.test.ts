import { expect, test } from 'vitest'
import type { CallRow } from '../../../shared/activity.ts'
import { burstWords, linesOf } from '../../../src-renderer/features/activity/bursts.ts'
import { filtersOf, fitting, noFilters, queryOf } from '../../../src-renderer/features/activity/filters.ts'

/** A read that was allowed, that many seconds after the first. */
function read(second: number, more: Partial<CallRow> = {}): CallRow {
  return {
    ...{ call_id: `call_${second}`, seq: second, started_at: new Date(second * 1_000).toISOString() },
    ...{ client: { id: 'c', name: 'Cursor', identity: 'verified' }, server: 'files' },
    ...{ kind: 'tool', tool: 'read', action: 'read' },
    ...{ state: 'closed', decision: 'ALLOW', outcome: 'executed', reason_code: null, rules: ['allow-reads'] },
    ...{
      reason: 'rule `allow-reads` allows this call',
      risk: 5,
      findings: [],
      latency_ms: 1,
      wait_ms: null,
      observed: null,
    },
    ...more,
  }
}

const shape = (rows: readonly CallRow[], open: string[] = []) =>
  linesOf(rows, new Set(open)).map((line) => (line.kind === 'burst' ? line.rows.length : line.row.call_id))

test('three calls that are alike are a burst, two are not', () => {
  expect(shape([read(3), read(2)])).toEqual(['call_3', 'call_2'])
  expect(shape([read(4), read(3), read(2)])).toEqual([3])
  expect(burstWords([read(4), read(3), read(2)])).toBe('3 reads')
})

test('a burst ends where something differs, was asked, was found, or long after', () => {
  const four = [read(4), read(3), read(2), read(1)]
  const with2 = (more: Partial<CallRow>) => four.map((row) => (row.seq === 2 ? { ...row, ...more } : row))
  expect(shape(four)).toEqual([4])
  const differences: Partial<CallRow>[] = [
    { tool: 'list' },
    { server: 'notes' },
    { client: { id: 'd', name: 'Cursor', identity: 'verified' } },
    { outcome: 'executed_with_constraints' },
    { outcome: 'blocked', decision: 'DENY' },
    { outcome: null, state: 'forwarding' },
    { wait_ms: 10 },
    { decision: 'REQUIRE_APPROVAL' },
    { findings: [{ rule: 'github-token', count: 1, where: 'result' }] },
  ]
  for (const more of differences) expect(shape(with2(more))).toEqual(['call_4', 'call_3', 'call_2', 'call_1'])
  expect(shape([read(30), read(29), read(28), read(3), read(2), read(1)])).toEqual([3, 3])
})

test('a burst opens in place, and stays itself while it grows', () => {
  const three = [read(4), read(3), read(2)]
  const [burst] = linesOf(three, new Set())
  const key = burst?.key ?? ''
  expect(shape(three, [key])).toEqual([3, 'call_4', 'call_3', 'call_2'])
  expect(linesOf([read(5), ...three], new Set([key]))[0]).toMatchObject({ key, open: true })
})

test('the line of a call is the same object as long as the call is', () => {
  const rows = [read(9, { tool: 'list' }), read(4)]
  expect(linesOf(rows, new Set())[0]).toBe(linesOf([...rows], new Set())[0])
})

test('filters go into the address and come back; what is unknown in it narrows nothing', () => {
  const filters = { text: 'a & b=c % ‮', show: 'denied' as const, server: 'files', client: 'c' }
  expect(filtersOf(queryOf(filters).slice(1))).toEqual(filters)
  expect(queryOf(noFilters)).toBe('')
  expect(filtersOf('show=everything&other=1')).toEqual(noFilters)
  expect(filtersOf(`text=${'x'.repeat(1_000)}`).text).toHaveLength(200)
})

test('a call fits when every word stands somewhere in it, and every choice is so', () => {
  const denied = read(2, { outcome: 'blocked', decision: 'DENY', rules: ['stay-inside'], reason: 'Only here' })
  const rows = [read(3), denied, read(1, { client: { id: 'd', name: 'Zed', identity: 'claimed' } })]
  const ids = (part: Partial<typeof noFilters>) => fitting(rows, { ...noFilters, ...part }).map(({ seq }) => seq)
  expect(ids({})).toEqual([3, 2, 1])
  expect(ids({ text: 'STAY only' })).toEqual([2])
  expect(ids({ text: 'stay nowhere' })).toEqual([])
  expect(ids({ text: 'zed' })).toEqual([1])
  expect(ids({ show: 'denied' })).toEqual([2])
  expect(ids({ show: 'allowed', client: 'c' })).toEqual([3])
  expect(ids({ server: 'notes' })).toEqual([])
})
