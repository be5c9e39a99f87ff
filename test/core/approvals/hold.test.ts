import { expect, test } from 'vitest'
import { knownTimeouts, timeoutOf } from '../../../src-main/core/approvals/client-timeouts.ts'
import { createHold, type Held } from '../../../src-main/core/approvals/hold.ts'
import { fakeClock } from '../../fakes/clock.ts'

const settings = { hold_sec: 50, answer_room_sec: 10, heartbeat_sec: 15, client_timeouts: {} }
const begin = (held: Partial<Held>, more: object = {}) => {
  const clock = fakeClock()
  const hold = createHold({ arrivedMs: 0, names: [], progress: null, ...held }, { ...settings, ...more }, clock)
  return { clock, hold }
}

test.each([
  ['nobody knows the client', ['cursor'], {}, 50],
  ['its timeout is known: room is left to the server', ['claude-ai'], {}, 50],
  ['a long one', ['client_1', 'Work', 'gemini-cli-mcp-client-files'], {}, 590],
  ['of a short one a third is left', ['x'], { client_timeouts: { X: 3 } }, 2],
  ['a setting comes before the table', ['codex'], { client_timeouts: { codex: 130 } }, 120],
  ['the entry comes before what it calls itself', ['client_1', 'Work', 'codex'], { client_timeouts: { work: 40 } }, 30],
  ['the setting for unknown ones', ['x'], { hold_sec: 7 }, 7],
])('how long a call is held: %s', (_case, names, more, seconds) => {
  expect(begin({ names }, more).hold.leftMs()).toBe(seconds * 1000)
})

test('the hold counts from the arrival of the call', () => {
  const { clock, hold } = begin({ names: ['codex'] })
  clock.advance(20_000)
  expect(hold.leftMs()).toBe(30_000)
  const late = createHold({ arrivedMs: 0, names: ['codex'], progress: null }, settings, clock)
  expect([late.leftMs(), late.untilMs()]).toEqual([30_000, clock.now() + 30_000])
})

test('news go out now and then, and keep only those waiting whose own wait they begin anew', () => {
  for (const [name, leftSec] of [
    ['claude-code', 290],
    ['codex', 20],
  ] as const) {
    const said: string[] = []
    const { clock, hold } = begin({ names: [name], progress: (message) => said.push(message) })
    const quiet = hold.beat('notes › write', clock.now() + 600_000)
    clock.advance(30_000)
    expect(said).toEqual([
      'waiting for approval: notes › write, 585 s left',
      'waiting for approval: notes › write, 570 s left',
    ])
    expect(hold.leftMs()).toBe(leftSec * 1000)
    quiet()
    clock.advance(60_000)
    expect(said).toHaveLength(2)
  }
})

test('each row of the table says how it is known, in seconds, under names that a client can have once', () => {
  const names = knownTimeouts.flatMap(({ clients }) => clients)
  expect(new Set(names).size).toBe(names.length)
  for (const { clients, seconds, source } of knownTimeouts) {
    expect(clients).toEqual(clients.map((name) => name.toLowerCase()))
    expect([seconds >= 30, seconds <= 3600, source.length > 20]).toEqual([true, true, true])
  }
  expect(timeoutOf(['nobody'], {})).toBeNull()
  expect(timeoutOf(['mcporter'], { mcporter: { seconds: 5, resets: true } })).toEqual({ seconds: 5, resets: true })
})
