import { expect, test } from 'vitest'
import { newId } from '../../src-main/core/ids.ts'

test('ids sort by age, also those of one millisecond, and no two are the same', () => {
  const made = [1_700_000_000_000, 1_700_000_000_000, 1_700_000_000_000, 1_700_000_000_001].map((at) =>
    newId('call', at),
  )
  expect([...made].sort()).toEqual(made)
  expect(new Set(made).size).toBe(4)
  for (const id of made) expect(id).toMatch(/^call_[0-9a-f]{28}$/)
})

test('a thousand ids of one millisecond are in the order in which they were made', () => {
  const made = Array.from({ length: 1000 }, () => newId('call', 1_700_000_000_002))
  expect([...made].sort()).toEqual(made)
})
