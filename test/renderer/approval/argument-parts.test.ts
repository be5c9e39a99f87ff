import { expect, test } from 'vitest'
import { argumentParts } from '../../../src-renderer/approval/requests/argument-parts.ts'

test('numbers and lists are as they were sent, texts as they will be written', () => {
  const sent = '{"big":12345678901234567890.10, "path" : "/a\\u0062\\n", "deep":[1, {"a,b":"}"}],"none":null}'
  expect(argumentParts(sent)).toEqual([
    { kind: 'short', name: 'big', text: '12345678901234567890.10', word: true },
    { kind: 'short', name: 'none', text: 'null', word: true },
    { kind: 'text', name: 'path', text: '/ab\n' },
    { kind: 'json', name: 'deep', json: '[1, {"a,b":"}"}]' },
  ])
})

test.each([
  ['one pair', { path: 'a', old_string: 'x', new_string: '' }, [{ before: 'x', after: '' }]],
  [
    'a list',
    {
      edits: [
        { oldText: 'x', newText: 'y' },
        { oldText: '', newText: 'z' },
      ],
    },
    [
      { before: 'x', after: 'y' },
      { before: '', after: 'z' },
    ],
  ],
])('edits are compared: %s', (_what, args, edits) => {
  expect(argumentParts(JSON.stringify(args))?.find(({ kind }) => kind === 'edits')).toMatchObject({ edits })
})

test('an edit that carries more than its two texts is shown as it is', () => {
  const edits = [{ oldText: 'x', newText: 'y', also: '/etc/passwd' }]
  expect(argumentParts(JSON.stringify({ edits }))).toEqual([
    { kind: 'json', name: 'edits', json: JSON.stringify(edits) },
  ])
})

test.each([
  ['sql', { sql: 'select 1' }],
  ['sql', { query: 'DELETE FROM a' }],
  ['shell', { command: 'ls' }],
  ['short', { query: 'a hotel' }],
  ['text', { content: 'x'.repeat(121) }],
])('%s is told apart in %o', (kind, args) => {
  expect(argumentParts(JSON.stringify(args))?.[0]?.kind).toBe(kind)
})

test.each(['[1]', '"a"', '{', '', 'null'])('what is no object is not taken apart: %s', (text) => {
  expect(argumentParts(text)).toBe(null)
})

test('no argument is lost, whatever it is called', () => {
  const sent = '{"__proto__":"a","constructor":{"x":1},"":"b","a\\"b":2}'
  expect(argumentParts(sent)?.map(({ name }) => name)).toEqual(['__proto__', '', 'a"b', 'constructor'])
})
