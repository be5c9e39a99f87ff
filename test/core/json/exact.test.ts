import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseExact } from '../../../src-main/core/json/exact.ts'
import { oddJson } from '../../campaigns/odd-json.ts'
import { campaign } from '../../fakes/campaign.ts'

test.each<[text: string, value: unknown]>([
  ['9007199254740992', 9007199254740992],
  ['9007199254740993', '9007199254740993'],
  ['[-9007199254740993 ,1]', ['-9007199254740993', 1]],
  ['{"9007199254740993":"9007199254740993"}', { '9007199254740993': '9007199254740993' }],
  ['{"\\"":1e400,"b":1e2}', { '"': '1e400', b: 100 }],
  ['[0.12345678901234567,0.1]', ['0.12345678901234567', 0.1]],
  ['"\\\\"', '\\'],
])('%s becomes what it says', (text, value) => {
  expect(parseExact(text)).toEqual(value)
})

test('what is no JSON is not made into any', () => {
  expect(() => parseExact('[00123456789012345678]')).toThrow(SyntaxError)
  expect(() => parseExact('{"a":"1234567890123456')).toThrow(SyntaxError)
})

test('nesting and length have no limit of their own', () => {
  const deep = `${'['.repeat(500_000)}9007199254740993${']'.repeat(500_000)}`
  expect(() => parseExact(deep)).not.toThrow()
  expect(parseExact(`[9007199254740993,"${'\\"'.repeat(2_000_000)}"]`)).toHaveProperty('0', '9007199254740993')
})

test('of texts of every spelling no value and no digit is lost', ({ task }) => {
  const seed = 20261201
  const numRuns = campaign(task, { sample: 1_000, full: 50_000, seed })
  const suspicious = /\d{16}|\d[eE][+-]?\d/
  const { value } = oddJson({ lines: true, twice: true, depth: 20 })
  const property = fc.property(value, (text) => {
    const exact = JSON.stringify(parseExact(text))
    // What holds no long number is what it is; of the others each number is there as it was written or as a double reads it.
    if (!suspicious.test(text)) expect(exact).toBe(JSON.stringify(JSON.parse(text)))
    else expect(shape(parseExact(text))).toEqual(shape(JSON.parse(text)))
  })
  fc.assert(property, { numRuns, seed })
})

/** The value with every number, however it is kept, as the double that it is. */
function shape(value: unknown): unknown {
  if (typeof value === 'string' && /^-?\d[\d.eE+-]*$/.test(value)) return Number(value)
  if (Array.isArray(value)) return value.map(shape)
  if (typeof value !== 'object' || value === null) return value
  return Object.entries(value).map(([key, child]) => [key, shape(child)])
}
