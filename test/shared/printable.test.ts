import { expect, test } from 'vitest'
import { printable, printableLines } from '../../shared/printable.ts'

test.each([
  ['plain words, ünïcode, 漢字, 🙂', 'plain words, ünïcode, 漢字, 🙂'],
  ['\u001b[2J\u001b]0;title\u0007', '\\u{1b}[2J\\u{1b}]0;title\\u{7}'],
  ['a\u202eb', 'a\\u{202e}b'],
  ['a\u200bb\ufeffc\u00add', 'a\\u{200b}b\\u{feff}c\\u{ad}d'],
  ['line\nnext\ttab\rback', 'line\\nnext\\ttab\\rback'],
  ['\u{e0041}\u{e007f}', '\\u{e0041}\\u{e007f}'],
  ['one\u00a0two\u3000three\u2028four', 'one\\u{a0}two\\u{3000}three\\u{2028}four'],
  ['\ud800 alone', '\\u{d800} alone'],
  ['\u0085\u009b31m', '\\u{85}\\u{9b}31m'],
  ['\u3164\u115f\u2800', '\\u{3164}\\u{115f}\\u{2800}'],
])('%j shows as %j', (text, shown) => {
  expect(printable(text)).toBe(shown)
})

test('nothing that a terminal obeys or a person cannot see survives', () => {
  const all = Array.from({ length: 0x1_1000 }, (_, code) => String.fromCodePoint(code)).join('')
  expect(printable(all)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}]/u)
})

test('several lines stay several lines', () => {
  expect(printableLines('a\r\nb\u001b\nc')).toEqual(['a', 'b\\u{1b}', 'c'])
})
