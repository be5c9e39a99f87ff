import { expect, test } from 'vitest'
import { duplicateKey, members, splice, textOf, wholeValue } from '../../../src-main/core/json/spans.ts'
import { campaign } from '../../fakes/campaign.ts'

/** A small generator with a fixed seed, so that a failure can be repeated. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648
    return state / 2147483648
  }
}

function value(next: () => number, depth: number): unknown {
  const pick = Math.floor(next() * (depth > 3 ? 4 : 6))
  const text = () =>
    Array.from({ length: Math.floor(next() * 6) }, () => '"\\{}[],:é\n\u2028a1'[Math.floor(next() * 14)]).join('')
  if (pick === 0) return text()
  if (pick === 1) return next() * 1e6
  if (pick === 2) return next() > 0.5
  if (pick === 3) return null
  const size = Math.floor(next() * 4)
  if (pick === 4) return Array.from({ length: size }, () => value(next, depth + 1))
  return Object.fromEntries(Array.from({ length: size }, (_, i) => [`${text()}${i}`, value(next, depth + 1)]))
}

test('for random objects the spans agree with JSON.parse, and putting back what was cut gives the same bytes', ({
  task,
}) => {
  const seed = 42
  const next = random(seed)
  const size = campaign(task, { sample: 2_000, full: 100_000, seed })
  for (let i = 0; i < size; i++) {
    const object = { a: value(next, 0), b: value(next, 0), c: value(next, 0) }
    const raw = Buffer.from(JSON.stringify(object, null, i % 3))
    const found = members(raw, wholeValue(raw))
    expect(Object.fromEntries(found.map(({ key, value }) => [key, JSON.parse(textOf(raw, value))]))).toEqual(object)
    expect(duplicateKey(raw, wholeValue(raw))).toBe(null)
    expect(
      splice(
        raw,
        found.map(({ value: span }) => ({ span, text: textOf(raw, span) })),
      ),
    ).toEqual(raw)
  }
})
