import fc from 'fast-check'
import { expect, test } from 'vitest'
import { duplicateKey, outlineOf } from '../../../src-main/core/json/outline.ts'
import {
  elements,
  type Member,
  members,
  type Span,
  splice,
  textOf,
  wholeValue,
} from '../../../src-main/core/json/spans.ts'
import { oddJson } from '../../campaigns/odd-json.ts'
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

/** Whether an object anywhere in a value holds a key twice, part by part. */
function holdsTwice(raw: Buffer, span: Span): boolean {
  const own = members(raw, span)
  if (new Set(own.map(({ key }) => key)).size < own.length) return true
  return [...own.map(({ value }) => value), ...elements(raw, span)].some((inner) => holdsTwice(raw, inner))
}

const spansOf = (found: readonly Member[]) => found.map(({ key, value }) => [key, value.start, value.end])

test('one walk finds the members of a message, of its `params` and `arguments`, and a key that is there twice', ({
  task,
}) => {
  const seed = 11
  const numRuns = campaign(task, { sample: 1_500, full: 100_000, seed })
  const odd = oddJson({ lines: true, twice: true, depth: 200 })
  const withOne = (key: string, value: fc.Arbitrary<string>) =>
    odd.object(
      fc
        .tuple(odd.members(), value, fc.integer({ min: 0, max: 3 }))
        .map(([others, own, times]) => [
          ...others,
          ...Array.from({ length: Math.min(times, 2) }, (): [string, string] => [key, own]),
        ]),
    )
  const params = withOne('"arguments"', fc.oneof(odd.object(odd.members()), odd.value))
  const message = fc
    .tuple(odd.gap, withOne('"params"', fc.oneof(params, odd.value)), odd.gap)
    .map((parts) => parts.join(''))
  const found = { params: 0, args: 0, twice: 0 }
  fc.assert(
    fc.property(message, (text) => {
      const raw = Buffer.from(text)
      JSON.parse(text)
      const outline = outlineOf(raw)
      const top = members(raw, wholeValue(raw))
      const inParams = top.filter(({ key }) => key === 'params')
      const first = inParams[0]
      const params = first ? members(raw, first.value) : []
      const given = params.find(({ key }) => key === 'arguments')
      const args = given ? members(raw, given.value) : []
      expect(spansOf(outline.members)).toEqual(spansOf(top))
      expect(spansOf(outline.params)).toEqual(spansOf(params))
      expect(spansOf(outline.args)).toEqual(spansOf(args))
      // Of two `params`, which no message may have, only the first is looked into.
      expect(outline.twice !== null).toBe(first !== undefined && holdsTwice(raw, first.value))
      if (first) expect(duplicateKey(raw, first.value) !== null).toBe(holdsTwice(raw, first.value))
      if (params.length > 0) found.params++
      if (args.length > 0) found.args++
      if (outline.twice !== null) found.twice++
    }),
    { numRuns, seed },
  )
  // What it found was there to be found.
  for (const count of Object.values(found)) expect(count).toBeGreaterThan(numRuns / 20)
})

test('of an object with many keys the one that is there twice is found, in whatever spelling, and none where all differ', () => {
  const raw = (keys: readonly string[]) => Buffer.from(`{"x":{${keys.map((key) => `"${key}":1`).join(',')}}}`)
  const twice = (keys: readonly string[]) => duplicateKey(raw(keys), wholeValue(raw(keys)))
  const many = Array.from({ length: 5_000 }, (_, index) => `key ${index}`)
  // Their beginnings are alike, and so are their hashes.
  const alike = many.map((key) => `${'long '.repeat(20)}${key}`)
  // What stands for itself alone is written as the same bytes as the mark for what cannot be read.
  const halves = ['\\ud800', '\\ud801', '\ufffd', '\\udc00']
  expect(twice([...many, ...alike, ...halves])).toBe(null)
  expect(twice([...many, ...alike, 'key 17'])).toBe('key 17')
  expect(twice([...many, '\\u006bey 4999'])).toBe('key 4999')
  expect(twice([...alike, alike[9] as string])).toBe(alike[9])
  expect(twice([...halves, '\\ud801'])).toBe('\ud801')
  expect(twice(['a', 'b', '\\u0061'])).toBe('a')
})
