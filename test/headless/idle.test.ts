import { expect, test } from 'vitest'
import { idleLimitMs, whenIdle } from '../../src-main/headless/idle.ts'
import { manualClock } from '../fakes/manual-clock.ts'

test('ends after a quarter of an hour in which nobody came, and not before', () => {
  const clock = manualClock()
  let usedAt = 0
  let ended = 0
  whenIdle(
    () => clock.monotonic() - usedAt,
    clock,
    () => {
      ended += 1
    },
  )
  clock.pass(idleLimitMs - 1)
  usedAt = clock.monotonic()
  clock.pass(idleLimitMs - 1)
  expect(ended).toBe(0)
  clock.pass(1)
  expect(ended).toBe(1)
})

test('does not end what was told to stop looking', () => {
  const clock = manualClock()
  let ended = 0
  const stop = whenIdle(clock.monotonic, clock, () => {
    ended += 1
  })
  stop()
  clock.pass(2 * idleLimitMs)
  expect(ended).toBe(0)
})
