import { expect, test } from 'vitest'
import { editDistance, nearest } from '../../../src-main/core/policy/suggest.ts'

test.each([
  ['', 'abc', 3],
  ['kitten', 'sitting', 3],
  ['decison', 'decision', 1],
  ['actoin', 'action', 1],
  ['same', 'same', 0],
])('from %j to %j in %i edits', (a, b, distance) => {
  expect(editDistance(a, b)).toBe(distance)
})

test.each([
  ['decison', 'decision'],
  ['DESCRIPTION', 'description'],
  ['prioritty', 'priority'],
  ['zzz', null],
  ['x'.repeat(1000), null],
])('%s probably means %s', (word, meant) => {
  expect(nearest(word, ['decision', 'description', 'priority'])).toBe(meant)
})
