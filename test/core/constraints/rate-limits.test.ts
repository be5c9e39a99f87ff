import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RateLimit } from '../../../shared/constraints.ts'
import { type Counted, createRateLimits } from '../../../src-main/core/constraints/rate-limits.ts'

function at(start = 0) {
  const clock = { now: start, monotonic: () => clock.now }
  return clock
}

const counted = (limit: Partial<RateLimit> = {}, key = 'k'): Counted => ({
  key,
  rule: 'r',
  limit: { max_calls: 2, per_sec: 10, by: 'client', ...limit },
})

/** Times in milliseconds at which a call was let through, when one is tried after each of the pauses. */
function takenAt(pauses: readonly number[], limit: Partial<RateLimit>): { taken: number[]; refused: number[] } {
  const clock = at(12_345.678)
  const rates = createRateLimits(clock)
  const [taken, refused]: [number[], number[]] = [[], []]
  for (const pause of pauses) {
    clock.now += pause
    if ('undo' in rates.take([counted(limit)])) taken.push(clock.now)
    else refused.push(clock.now)
  }
  return { taken, refused }
}

const pauses = fc.array(
  fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 4_000 }), fc.double({ min: 0, max: 9, noNaN: true })),
  {
    maxLength: 400,
  },
)
const limits = fc.record({ max_calls: fc.integer({ min: 1, max: 300 }), per_sec: fc.integer({ min: 1, max: 30 }) })

test('no stretch of the window ever holds more calls than the limit', () => {
  fc.assert(
    fc.property(pauses, limits, (pauses, limit) => {
      const { taken } = takenAt(pauses, limit)
      return taken.every((time, i) => (taken[i + limit.max_calls] ?? Infinity) - time >= limit.per_sec * 1000)
    }),
  )
})

test('nothing is refused while there is room: exactly for small limits, within a step of the window for large ones', () => {
  fc.assert(
    fc.property(pauses, limits, (pauses, limit) => {
      const windowMs = limit.per_sec * 1000
      const slack = limit.max_calls <= 128 ? 0 : windowMs / 128
      const { taken, refused } = takenAt(pauses, limit)
      return refused.every((time) => {
        const recent = taken.filter((other) => other <= time && other + windowMs + slack > time)
        return recent.length >= limit.max_calls
      })
    }),
  )
})

test('the time that a refusal names is enough, and a second less is not for a single limit', () => {
  const clock = at(5)
  const rates = createRateLimits(clock)
  rates.take([counted()])
  clock.now += 2_500
  rates.take([counted()])
  const refused = rates.take([counted()])
  expect(refused).toMatchObject({ retryAfterSec: 8, full: false })
  clock.now += 7_000
  expect(rates.check([counted()])).toMatchObject({ retryAfterSec: 1 })
  clock.now += 1_000
  expect(rates.check([counted()])).toBeNull()
  // Tightened by a new policy to less than what is counted: both must run out.
  expect(rates.check([counted({ max_calls: 1 })])).toMatchObject({ retryAfterSec: 2 })
})

test('all limits hold at once, and a call that one of them refuses counts nowhere', () => {
  const rates = createRateLimits(at())
  const [wide, narrow] = [counted({ max_calls: 5 }, 'wide'), counted({ max_calls: 1 }, 'narrow')]
  expect(rates.take([wide, narrow])).toHaveProperty('undo')
  expect(rates.take([wide, narrow])).toMatchObject({ counted: { key: 'narrow' } })
  expect([rates.held(wide), rates.held(narrow)]).toEqual([1, 1])
})

test('what is taken back counts no more', () => {
  const rates = createRateLimits(at())
  const first = rates.take([counted()])
  rates.take([counted()])
  if (!('undo' in first)) throw new Error('there was room')
  first.undo()
  expect(rates.held(counted())).toBe(1)
  expect(rates.take([counted()])).toHaveProperty('undo')
})

test('memory is bounded: so many counts, then those that ran out make room, and none other does', () => {
  const clock = at()
  const rates = createRateLimits(clock, 3)
  for (const key of ['a', 'b', 'c']) rates.take([counted({}, key)])
  expect(rates.take([counted({}, 'd')])).toMatchObject({ full: true })
  expect([rates.size(), rates.held(counted({}, 'a'))]).toEqual([3, 1])
  clock.now += 10_000
  expect(rates.take([counted({}, 'd')])).toHaveProperty('undo')
  expect(rates.size()).toBe(1)
})
