import { expect, test } from 'vitest'
import { yamlPlace } from '../../../src-renderer/yaml-editor/yaml-place.ts'

/** The place of `|` in a text. */
function at(text: string) {
  const offset = text.indexOf('|')
  const place = yamlPlace(text.replace('|', ''), offset)
  return (
    place && {
      kind: place.kind,
      path: place.path.join('.'),
      written: text.slice(place.from, offset),
      beside: place.beside,
    }
  )
}

const key = (path: string, written = '', beside: string[] = []) => ({ kind: 'key', path, written, beside })
const value = (path: string, written = '') => ({ kind: 'value', path, written, beside: [] })

test.each([
  ['an empty file', '|', key('')],
  ['the beginning of a key', 'ver|', key('', 'ver')],
  ['a key beside others', 'version: v1\nru|\ndefault: deny', key('', 'ru', ['version', 'default'])],
  ['a value', 'version: |', value('version')],
  ['a value in part', 'version: v1\ndefault: by|', value('default', 'by')],
  ['an item', 'rules:\n  - |', key('rules.*')],
  ['an item as deep as its list', 'rules:\n- i|', key('rules.*', 'i')],
  ['the second item', 'rules:\n  - id: a\n    match:\n      labels: {}\n  - i|', key('rules.*', 'i')],
  [
    'a key of an item',
    'rules:\n  - id: a\n    d|\n    when: x\n  - id: b\n    level: 1',
    key('rules.*', 'd', ['id', 'when']),
  ],
  ['a key below two maps', 'rules:\n  - id: a\n    match:\n      labels:\n        |', key('rules.*.match.labels')],
  [
    'a key with a dot',
    'rules:\n  - match:\n      labels:\n        mcp.action: re|',
    value('rules.*.match.labels.mcp.action', 're'),
  ],
  [
    'an item of a list of words',
    'rules:\n  - match:\n      risk_tags:\n        - pr|',
    key('rules.*.match.risk_tags.*', 'pr'),
  ],
  [
    'behind deeper lines',
    'rules:\n  - id: a\n    match:\n      labels:\n        mcp.tool: x\n    |',
    key('rules.*', '', ['match', 'id']),
  ],
  ['a list in a line', 'a:\n  b: [read, wr|', value('a.b.*', 'wr')],
  ['a map in a line', 'a: { b: c, d|', key('a', 'd', ['b'])],
  ['a value in a line', 'a: { b: c, d: [x, { e: |', value('a.d.*.e')],
  ['behind a closed list', 'a: [b, c] |', value('a', '[b, c] ')],
] as const)('%s', (_, text, expected) => {
  expect(at(text)).toEqual(expected)
})

test.each([
  ['a comment', 'a: b # he|'],
  ['a text of several lines', 'rules:\n  - when: >-\n      size(|'],
])('nothing is told in %s', (_, text) => {
  expect(at(text)).toBeNull()
})
