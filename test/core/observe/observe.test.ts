import { expect, test } from 'vitest'
import { createObserve } from '../../../src-main/core/observe/observe.ts'
import type { Clock } from '../../../src-main/core/ports.ts'
import { fakeClock } from '../../fakes/clock.ts'

const hour = 3_600_000
const day = 24 * hour

/** Observe mode over a table that outlives it, as a restart does. */
function world(wall = fakeClock()) {
  const rows = new Map<string, { scope: string; name: string; body: string }>()
  const ended: unknown[] = []
  const problems: string[] = []
  let broken = false
  const put = (scope: string, name: string, body: string) => {
    if (broken) throw new Error('no room')
    rows.set(`${scope}:${name}`, { scope, name, body })
  }
  const table = {
    all: () => [...rows.values()],
    put,
    remove: (scope: string, name: string) => rows.delete(`${scope}:${name}`),
  }
  const open = (clock: Clock) =>
    createObserve({
      ...{ table: table as never, clock, boundOf: () => 'b', titleOf: () => '', forbidden: () => false },
      log: { info: () => {}, warn: () => {}, error: (message) => problems.push(message) },
      record: (event, { why }) => event === 'observe.ended' && ended.push(why),
      ...{ facts: { get: () => null, set: () => {} }, onChange: () => {} },
    })
  const start = (observe: ReturnType<typeof open>) => observe.start({}, { days: 7, reason: 'r', by: 'b', door: 'd' })
  return { clock: wall, open, start, ended, problems, rows, breakTable: () => (broken = true) }
}

test('a clock that is set back again and again by a little stretches nothing', () => {
  const { clock, open, start, ended } = world()
  const observe = open(clock)
  start(observe)
  for (let hours = 1; hours < 7 * 24; hours++) {
    clock.advance(hour)
    clock.setWall(clock.now() - 200_000)
    expect(observe.covers('s', 'c')).toBe(true)
  }
  clock.advance(hour)
  expect(observe.covers('s', 'c')).toBe(false)
  expect(observe.view()).toEqual([])
  expect(ended).toEqual(['expired'])
})

test('a clock that is set back by more ends it, also when it is still after the start', () => {
  const { clock, open, start, ended } = world()
  const observe = open(clock)
  start(observe)
  clock.advance(2 * day)
  clock.setWall(clock.now() - 301_000)
  expect(observe.covers('s', 'c')).toBe(false)
  clock.advance(hour)
  expect(ended).toEqual(['expired'])
})

test('it ends by the wall clock where the other one stood still, as in sleep', () => {
  const { clock, open, start } = world()
  const observe = open(clock)
  start(observe)
  clock.setWall(clock.now() + 7 * day)
  expect(observe.covers('s', 'c')).toBe(false)
})

test('across restarts what is left counts from the latest time at which it was on', () => {
  const { clock, open, start, ended } = world()
  const first = open(clock)
  start(first)
  clock.advance(4 * day)
  first.close()
  // Another run of the machine, whose clock is a little behind, and has counted for a while already.
  const behind = fakeClock(clock.now() - 200_000)
  behind.advance(1)
  const second = open(behind)
  expect(second.covers('s', 'c')).toBe(true)
  behind.advance(3 * day - 2)
  expect(second.covers('s', 'c')).toBe(true)
  behind.advance(2)
  expect(second.covers('s', 'c')).toBe(false)
  second.close()
  expect(open(fakeClock(clock.now() - hour)).covers('s', 'c')).toBe(false)
  expect(ended).toEqual([])
})

test('one that was killed has written down how far it had come, and one of before counts from its start', () => {
  const { clock, open, start, rows } = world()
  const first = open(clock)
  start(first)
  clock.advance(2 * day)
  const killedAt = clock.now()
  expect(open(fakeClock(killedAt - 2 * hour)).covers('s', 'c')).toBe(false)
  expect(open(fakeClock(killedAt)).covers('s', 'c')).toBe(true)
  for (const row of rows.values()) row.body = JSON.stringify({ ...JSON.parse(row.body), seen_at: undefined })
  expect(open(fakeClock(killedAt)).covers('s', 'c')).toBe(true)
  expect(open(fakeClock(killedAt - 3 * day)).covers('s', 'c')).toBe(false)
})

test('what cannot be written down is logged, and changes nothing else', () => {
  const { clock, open, start, problems, breakTable } = world()
  const observe = open(clock)
  start(observe)
  breakTable()
  clock.advance(hour)
  expect(observe.covers('s', 'c')).toBe(true)
  expect(problems[0]).toBe('how far observe mode has come could not be written down')
})
