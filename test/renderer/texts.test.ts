import { describe, expect, test } from 'vitest'
import { jsonLines } from '../../src-renderer/ui/json-lines.ts'
import { lineDiff } from '../../src-renderer/ui/line-diff.ts'
import { nextRow } from '../../src-renderer/ui/next-row.ts'
import { relativeTime } from '../../src-renderer/ui/relative-time.ts'
import { longArguments } from '../fakes/page-samples.ts'

describe('JSON is shown as it was written', () => {
  const shown = (text: string) =>
    jsonLines(text)?.map(({ depth, pieces }) => `${'  '.repeat(depth)}${pieces.map((piece) => piece.text).join('')}`)

  test('numbers, escapes and doubled keys keep their text', () => {
    expect(shown('{"a":12345678901234567890.10,"a":1e400,"b":"\\u0041\\/\\\\\\"","c":[-0,{}, [] ,null]}')).toEqual([
      '{',
      '  "a": 12345678901234567890.10,',
      '  "a": 1e400,',
      '  "b": "\\u0041\\/\\\\\\"",',
      '  "c": [',
      '    -0,',
      '    {},',
      '    [],',
      '    null',
      '  ]',
      '}',
    ])
  })

  test('nothing of long arguments is left out', () => {
    const pieces = jsonLines(longArguments)?.flatMap((line) => line.pieces.map((piece) => piece.text)) ?? []
    expect(pieces.map((piece) => (piece === ': ' ? ':' : piece)).join('')).toBe(longArguments)
  })

  test.each(['{"a":1', '', 'nope', '{"a":1}}', '[1,]'])('%j is not JSON', (text) => {
    expect(jsonLines(text)).toBeNull()
  })

  test.each([
    ['"a"', 'text'],
    ['1', 'number'],
    ['null', 'word'],
  ])('%s alone is a %s', (text, kind) => {
    expect(jsonLines(text)).toEqual([{ depth: 0, pieces: [{ kind, text }] }])
  })
})

describe('texts are compared line by line', () => {
  const marks = { same: ' ', removed: '-', added: '+' }
  const shown = (before: string, after: string) =>
    lineDiff(before, after).map((line) => `${marks[line.kind]}${line.text}`)

  test('what changed stands between what did not', () => {
    expect(shown('a\nb\nc\nd', 'a\nx\nc\ny\nd')).toEqual([' a', '-b', '+x', ' c', '+y', ' d'])
  })

  test('both sides can be put together again from the lines', () => {
    const before = 'k\nl\nm\nl\nk\n'
    const after = 'l\nk\nm\nm\nk\nz'
    const lines = lineDiff(before, after)
    const side = (name: 'before' | 'after') => lines.flatMap((line) => (name in line ? [line.text] : [])).join('\n')
    expect([side('before'), side('after')]).toEqual([before, after])
    expect(lines.flatMap((line) => ('after' in line ? [line.after] : []))).toEqual([1, 2, 3, 4, 5, 6])
  })

  test('texts too long for a table are still compared, as replaced', () => {
    const many = (of: string) => Array.from({ length: 3_000 }, (_, at) => `${of}${at}`).join('\n')
    const lines = lineDiff(`same\n${many('a')}\nend`, `same\n${many('b')}\nend`)
    expect(lines).toHaveLength(6_002)
    expect(lines.filter(({ kind }) => kind === 'same').map(({ text }) => text)).toEqual(['same', 'end'])
  })
})

test.each([
  [0, 'just now'],
  [9_999, 'just now'],
  [34_000, '30 s ago'],
  [61_000, '1 min ago'],
  [59 * 60_000, '59 min ago'],
  [5 * 3_600_000, '5 h ago'],
])('%d ms ago reads %s', (ago, words) => {
  const now = Date.UTC(2026, 0, 15, 12)
  expect(relativeTime(now - ago, now)).toBe(words)
})

test.each([
  ['ArrowDown', -1, 0],
  ['ArrowDown', 9, 9],
  ['ArrowUp', 0, 0],
  ['PageDown', 2, 7],
  ['PageUp', 2, 0],
  ['Home', 5, 0],
  ['End', 0, 9],
  ['x', 3, null],
])('%s in row %d of ten leads to %s', (key, from, to) => {
  expect(nextRow(key, from, 10, 5)).toBe(to)
})
