import { expect, test } from 'vitest'
import { idleLimitMs, whenIdle } from '../../src-main/headless/idle.ts'
import { fakeClock } from '../fakes/clock.ts'

test('ends after a quarter of an hour in which nobody came, and not before', () => {
  const clock = fakeClock()
  let usedAt = 0
  let ended = 0
  whenIdle(
    () => clock.monotonic() - usedAt,
    clock,
    () => {
      ended += 1
    },
  )
  clock.advance(idleLimitMs - 1)
  usedAt = clock.monotonic()
  clock.advance(idleLimitMs - 1)
  expect(ended).toBe(0)
  clock.advance(1)
  expect(ended).toBe(1)
})

test('does not end what was told to stop looking', () => {
  const clock = fakeClock()
  let ended = 0
  const stop = whenIdle(clock.monotonic, clock, () => {
    ended += 1
  })
  stop()
  clock.advance(2 * idleLimitMs)
  expect(ended).toBe(0)
})
