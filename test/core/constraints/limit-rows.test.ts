import fc from 'fast-check'
import { expect, test } from 'vitest'
import { limitRows } from '../../../src-main/core/constraints/limit-rows.ts'
import { applyEdits } from '../../../src-main/core/json/text.ts'

function limited(result: unknown, most: number, lenient = false) {
  const text = typeof result === 'string' ? result : JSON.stringify(result)
  const { edits, ...counted } = limitRows(text, JSON.parse(text), 'result', most, lenient)
  return { ...counted, result: JSON.parse(applyEdits(text, edits)) as Record<string, unknown> }
}

const texts = (...all: string[]) => ({ content: all.map((text) => ({ type: 'text', text })) })
const rows = (count: number) => Array.from({ length: count }, (_, id) => ({ id, name: `n ${id}` }))

test.each([
  ['a list as text', texts(JSON.stringify(rows(5))), texts(JSON.stringify(rows(2))), 5],
  [
    'rows in an object',
    texts(JSON.stringify({ rows: rows(3), rowCount: 3 })),
    texts(JSON.stringify({ rows: rows(2), rowCount: 3 })),
    3,
  ],
  ['rows under any name', texts(JSON.stringify({ users: rows(3) })), texts(JSON.stringify({ users: rows(2) })), 3],
  ['plain values under a usual name', texts('{"data":{"results":[1,2,3]}}'), texts('{"data":{"results":[1,2]}}'), 3],
  ['columns are no rows', texts('{"columns":["a","b","c"],"rows":[[1,2,3]]}'), null, 1],
  [
    'values twice',
    { ...texts(JSON.stringify({ result: rows(4) })), structuredContent: { result: rows(4) } },
    { ...texts(JSON.stringify({ result: rows(2) })), structuredContent: { result: rows(2) } },
    4,
  ],
  [
    'a list in a text in a value',
    { structuredContent: { result: JSON.stringify(rows(3)) } },
    { structuredContent: { result: JSON.stringify(rows(2)) } },
    3,
  ],
  [
    'each row a text',
    texts('{"id":1}', '{"id":2}', '{"id":3}'),
    texts('{"id":1}', '{"id":2}', '[left out: more rows than policy allows]'),
    3,
  ],
  ['several lists share the limit', texts('[1]', '[2,3]', '[4]'), texts('[1]', '[2]', '[]'), 4],
  ['no rows at all', texts('done'), null, 0],
  ['a resource', { contents: [{ uri: 'a:b', text: '[1,2,3]' }] }, { contents: [{ uri: 'a:b', text: '[1,2]' }] }, 3],
])('%s', (_what, result, expected, count) => {
  expect(limited(result, 2)).toEqual({
    rows: count,
    kept: Math.min(count, 2),
    counted: true,
    result: expected ?? result,
  })
})

test.each([
  ['lines', texts('a\nb\nc')],
  ['a list of another language', texts("[(1, 'a'), (2, 'b'), (3, 'c')]")],
  ['bytes', { content: [{ type: 'image', data: 'AAAA', mimeType: 'image/png' }] }],
  ['a text of lines in a value', { structuredContent: { result: 'a\nb\nc' } }],
])('what cannot be counted says so: %s', (_what, result) => {
  expect(limited(result, 2).counted).toBe(false)
})

test('an error may say what it has to in as many lines as rows are allowed', () => {
  expect(limited(texts('near "(": syntax error\nat line 1'), 2, true).counted).toBe(true)
  expect(limited(texts('a\nb\nc'), 2, true).counted).toBe(false)
})

test('of any rows the first ones stay byte for byte, and nothing else changes', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.record({ rows: fc.array(fc.integer()) }))),
      fc.integer({ min: 1, max: 6 }),
      fc.constantFrom(0, 2),
      (rows, most, indent) => {
        const text = `{"structuredContent":{"before":[1,2,3,4,5,6,7,8],"rows":${JSON.stringify(rows, null, indent)},"after":"x"}, "isError": false }`
        const { edits } = limitRows(text, JSON.parse(text), 'result', most, false)
        const after = applyEdits(text, edits)
        expect(JSON.parse(after).structuredContent.rows).toEqual(JSON.parse(JSON.stringify(rows.slice(0, most))))
        if (rows.length <= most) expect(after).toBe(text)
        else {
          const [edit] = edits
          expect(after).toBe(text.slice(0, edit?.start) + text.slice(edit?.end))
          expect(edits).toHaveLength(1)
        }
      },
    ),
  )
})
