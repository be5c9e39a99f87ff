import { expect, test } from 'vitest'
import { createFallbacks } from '../../../src-main/core/gateway/fallbacks.ts'
import { fakeClock } from '../../fakes/clock.ts'

test('a client is expected to fall back for three seconds, unless it did before; each with each server by itself', () => {
  const clock = fakeClock()
  const fallbacks = createFallbacks(clock)
  expect(fallbacks.expected('one', 'files')).toBe(true)
  clock.advance(2_999)
  // It could be another window of a client that is just falling back.
  expect(fallbacks.expected('one', 'files')).toBe(true)
  clock.advance(1)
  expect(fallbacks.expected('one', 'files')).toBe(false)
  expect(fallbacks.expected('one', 'notes')).toBe(true)
  expect(fallbacks.expected('two', 'files')).toBe(true)
  fallbacks.fellBack('one', 'files')
  clock.advance(60_000)
  expect(fallbacks.expected('one', 'files')).toBe(true)
  expect(fallbacks.expected('two', 'files')).toBe(false)
})
