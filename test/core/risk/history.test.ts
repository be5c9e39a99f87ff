import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { isWorkingTime, WorkingHours } from '../../../shared/working-hours.ts'
import { createHistory } from '../../../src-main/core/risk/history.ts'
import { openDatabase } from '../../../src-main/core/store/database.ts'
import { historyTable } from '../../../src-main/core/store/risk-tables.ts'
import { fakeClock } from '../../fakes/clock.ts'

const log = { info: () => {}, warn: () => {}, error: () => {} }

function begin() {
  const db = openDatabase(':memory:')
  const clock = fakeClock()
  const start = () => createHistory({ table: historyTable(db), clock, log, workingHours: () => null })
  let history = start()
  return {
    db,
    clock,
    /** What a client that makes so many calls in a row hears about the last of them; then a minute passes. */
    minuteOf(calls: number, client = 'client_1') {
      let last: string | null = null
      for (let at = 0; at < calls; at += 1) last = history.arrived(client).volume
      clock.advance(60_000)
      return last
    },
    restart() {
      history.close()
      history = start()
    },
    history: () => history,
  }
}

test('what is usual is learnt from the minutes in which a client calls, and survives a restart', () => {
  const { minuteOf, restart, clock } = begin()
  expect(minuteOf(60)).toBe(null)
  expect(minuteOf(61)).toContain('calls in the last minute, usually')
  for (let minute = 0; minute < 40; minute += 1) minuteOf(100)
  clock.advance(86_400_000)
  expect(minuteOf(400)).toBe(null)
  restart()
  clock.advance(86_400_000)
  expect(minuteOf(400)).toBe(null)
  clock.advance(600_000)
  expect(minuteOf(900)).toMatch(/^900 calls in the last minute, usually \d+$/)
})

test('no amount is ever usual enough to be unlimited', () => {
  const { minuteOf } = begin()
  for (let minute = 0; minute < 60; minute += 1) minuteOf(1_500)
  expect(minuteOf(1_500)).not.toBe(null)
})

test('two halves of two minutes are a minute', () => {
  const { history, clock } = begin()
  const call = () => history().arrived('client_1').volume
  for (let at = 0; at < 20; at += 1) call()
  clock.advance(50_000)
  for (let at = 0; at < 40; at += 1) call()
  clock.advance(15_000)
  // 5 s into the next minute: most of the 60 calls still lie in the last 60 s.
  for (let at = 0; at < 4; at += 1) call()
  expect(call()).toBe(null)
  expect(call()).toContain('61 calls')
})

test('clients that only claim a name leave nothing in the database about how much is usual', () => {
  const { minuteOf, db, clock } = begin()
  for (let at = 0; at < 3; at += 1) minuteOf(10, `claimed:${at}`)
  minuteOf(10, 'claimed:0')
  minuteOf(10, 'client_1')
  minuteOf(10, 'client_1')
  clock.advance(1_000)
  expect(db.prepare('SELECT client FROM usual_calls').pluck().all()).toEqual(['client_1'])
})

test('a tool that is defined otherwise is new again; names that hold separators are not mixed up', () => {
  const { history, restart } = begin()
  const tool = { client: 'c', server: 's', tool: 't', fingerprint: 'f1' }
  history().ran(tool)
  expect(history().novelty(tool)).toBe(null)
  expect(history().novelty({ ...tool, fingerprint: 'f2' })).toBe('the first call of this client to t')
  history().ran({ ...tool, fingerprint: 'f2' })
  restart()
  expect(history().novelty({ ...tool, fingerprint: 'f2' })).toBe(null)
  expect(history().novelty(tool)).not.toBe(null)
  history().ran({ ...tool, client: 'c","s', server: 'x' })
  expect(history().novelty({ ...tool, client: 'c', server: 's","x', fingerprint: 'f1' })).not.toBe(null)
})

test('no call waits for a database that another program has; it is written once that lets go', () => {
  const { clock, folder } = { clock: fakeClock(), folder: mkdtempSync(join(tmpdir(), 'toolgate-')) }
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'db.sqlite')
  const [db, other] = [openDatabase(file), openDatabase(file)]
  const warned: string[] = []
  const noting = { ...log, warn: (message: string) => void warned.push(message) }
  const start = () => createHistory({ table: historyTable(db), clock, log: noting, workingHours: () => null })
  const history = start()
  const tool = { client: 'c', server: 's', tool: 't', fingerprint: 'f1' }
  other.exec('BEGIN IMMEDIATE')
  const began = performance.now()
  history.ran(tool)
  clock.advance(1_000)
  // The patience of other writers is two seconds.
  expect(performance.now() - began).toBeLessThan(1_500)
  expect(history.novelty(tool)).toBe(null)
  expect(warned).toEqual(['what clients called could not be kept yet'])
  expect(start().novelty(tool)).not.toBe(null)
  other.exec('ROLLBACK')
  clock.advance(30_000)
  expect(start().novelty(tool)).toBe(null)
  for (const each of [db, other]) each.close()
})

const at = (day: number, time: string) => new Date(`2026-11-${String(22 + day).padStart(2, '0')}T${time}:00`)

// 22 November 2026 is a Sunday.
test.each([
  ['mon-fri 08:00-18:00', at(1, '08:00'), true],
  ['mon-fri 08:00-18:00', at(5, '17:59'), true],
  ['mon-fri 08:00-18:00', at(5, '18:00'), false],
  ['mon-fri 08:00-18:00', at(1, '07:59'), false],
  ['mon-fri 08:00-18:00', at(6, '12:00'), false],
  ['fri-mon 08:00-18:00', at(0, '12:00'), true],
  ['fri-mon 08:00-18:00', at(3, '12:00'), false],
  ['mon-fri 22:00-06:00', at(1, '23:00'), true],
  ['mon-fri 22:00-06:00', at(1, '05:00'), false],
  ['mon-fri 22:00-06:00', at(6, '05:00'), true],
  ['sun-sat 00:00-00:00', at(4, '03:00'), true],
])('in %s, %s is working time: %s', (hours, when, working) => {
  expect(WorkingHours.parse(hours)).toBe(hours)
  expect(isWorkingTime(when, hours)).toBe(working)
})

test.each([
  '',
  'mon-fri',
  '8-18',
  'mon-fri 8:00-18:00',
  'mon-fri 08:00-24:00',
  'Mon-Fri 08:00-18:00',
  'mon-fri 08:00-18:00 ',
])('`%s` are no working hours', (hours) => {
  expect(WorkingHours.safeParse(hours).success).toBe(false)
})
