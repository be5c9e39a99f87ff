import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rulesThatMayMatch } from '../../../src-main/core/safety/anchors.ts'
import { safetyRules } from '../../../src-main/core/safety/rules.ts'
import { scanText } from '../../../src-main/core/safety/scan.ts'
import { isPlainlyClean } from '../../../src-main/core/safety/screen.ts'

const matches = (pattern: RegExp, text: string) => new RegExp(pattern.source, pattern.flags).test(text)
const may = (text: string, index: number) => (rulesThatMayMatch(Buffer.from(text)) & (1 << index)) !== 0

/** What a pattern matches, without what it asks of the text around that. */
const bare = ({ source }: RegExp) => new RegExp(`^${source.replaceAll(/\(\?<?[!=][^)]*\)|\\b/g, '')}$`)

/** Every letter may be of the other case where the pattern does not look. */
const spelled = ({ flags }: RegExp, text: string, upper: boolean) =>
  flags.includes('i') && upper ? text.toUpperCase() : text

test.each(safetyRules.map((rule, index) => ({ ...rule, index })))('whatever $id matches is not passed over', (rule) => {
  const { pattern, index } = rule
  let seen = 0
  fc.assert(
    fc.property(
      fc.stringMatching(bare(pattern)),
      fc.boolean(),
      fc.constantFrom('', ' ', 'é"', '\u{1f600}'),
      (made, upper, around) => {
        const text = `${around}${spelled(pattern, made, upper)}${around}@a.example`
        if (!matches(pattern, text)) return
        seen++
        expect(may(text, index)).toBe(true)
      },
    ),
    { numRuns: 100 },
  )
  expect(seen).toBeGreaterThan(10)
})

const body = fc.stringMatching(/^[\w.-]{16,50}$/)

const pieces = safetyRules.flatMap(({ anchors }) =>
  anchors.flatMap((anchor) => {
    const digits = anchor.replaceAll('#', '4')
    return [digits, digits.toUpperCase(), digits.slice(1), digits.slice(0, -1)]
  }),
)

test('of any text, a rule that is passed over matches nothing', () => {
  const piece = fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 6 }), body)
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (parts) => {
      const text = parts.join('').toWellFormed()
      for (const [index, { pattern }] of safetyRules.entries()) {
        if (matches(pattern, text)) expect([text, may(text, index)]).toEqual([text, true])
      }
    }),
    { numRuns: 2000 },
  )
})

test('anchors look the same in every JSON text', () => {
  const anchors = safetyRules.flatMap((rule) => rule.anchors)
  expect(anchors.filter((anchor) => !/^[!#-[\]-~]{2,}$/.test(anchor) || anchor !== anchor.toLowerCase())).toEqual([])
})

test('a JSON text that counts as clean holds nothing, however it is written', () => {
  const escaped = (text: string) =>
    JSON.stringify(text).replaceAll(/[aeks/-]/g, (it, at: number) =>
      at % 5 === 0 ? `\\u00${it.charCodeAt(0).toString(16)}` : it,
    )
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.constantFrom(...pieces, '\n', '"', '\\', ' : '), body), { maxLength: 8 }),
      (parts) => {
        const text = parts.join('')
        for (const json of [JSON.stringify(text), escaped(text), JSON.stringify({ [text]: [text] })]) {
          if (isPlainlyClean(Buffer.from(json))) expect([json, scanText(text)]).toEqual([json, []])
        }
      },
    ),
    { numRuns: 2000 },
  )
})

test('prose needs no pattern at all, and the first and last bytes of a text count', () => {
  expect(rulesThatMayMatch(Buffer.from('A result of some length; see section 12, or ask Sägewerk 3/4.'))).toBe(0)
  expect(rulesThatMayMatch(Buffer.alloc(0))).toBe(0)
  expect(rulesThatMayMatch(Buffer.from('a'))).toBe(0)
  for (const [index, { anchors }] of safetyRules.entries()) {
    for (const anchor of anchors) {
      const text = anchor.replaceAll('#', '7')
      expect([anchor, may(text, index)]).toEqual([anchor, true])
      expect([anchor, may(text.slice(0, -1), index) || may(text.slice(1), index)]).toEqual([anchor, false])
    }
  }
  expect(scanText('A result of some length')).toEqual([])
})
