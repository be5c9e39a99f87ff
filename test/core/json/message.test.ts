import { expect, test } from 'vitest'
import { parseExact } from '../../../src-main/core/json/exact.ts'
import { parseMessage } from '../../../src-main/core/json/message.ts'
import { duplicateKey } from '../../../src-main/core/json/outline.ts'
import { elements, member, members, splice, strings, textOf, wholeValue } from '../../../src-main/core/json/spans.ts'

const line = (text: string) => Buffer.from(text)

test('spans give every member its own bytes, whatever the white space and escapes', () => {
  const raw = line(' { "a" : [1, {"b":"]}\\""}, "x"] ,"\\u0063":{"d":null} , "e":-1.5e3 } ')
  const found = members(raw, wholeValue(raw)).map(({ key, value }) => [key, textOf(raw, value)])
  expect(found).toEqual([
    ['a', '[1, {"b":"]}\\""}, "x"]'],
    ['c', '{"d":null}'],
    ['e', '-1.5e3'],
  ])
  const list = member(raw, wholeValue(raw), 'a')
  expect(list && elements(raw, list).map((span) => textOf(raw, span))).toEqual(['1', '{"b":"]}\\""}', '"x"'])
})

test('splice changes only what it is told to', () => {
  const raw = line('{"id":1,"t":"secret","u":"é"}')
  const span = member(raw, wholeValue(raw), 't')
  expect(span && splice(raw, [{ span, text: '"x"' }]).toString()).toBe('{"id":1,"t":"x","u":"é"}')
})

test('strings visits keys and values, escaped quotes included', () => {
  const raw = line('{"a\\"b":["c\\\\","d"]}')
  expect([...strings(raw, wholeValue(raw))].map((span) => textOf(raw, span))).toEqual(['a\\"b', 'c\\\\', 'd'])
})

test.each([
  ['{"a":1,"a":2}', 'a'],
  ['{"x":[{"a":1},{"b":{"c":1,"\\u0063":2}}]}', 'c'],
  ['{"a":{"a":{"a":[{"a":1}]}}}', null],
  ['{"a":"{\\"b\\":1,\\"b\\":2}"}', null],
])('duplicate keys of %s: %s', (text, expected) => {
  const raw = line(text)
  expect(duplicateKey(raw, wholeValue(raw))).toBe(expected)
})

test.each([
  ['9007199254740993', '9007199254740993'],
  ['9007199254740992', 9007199254740992],
  ['-1', -1],
  ['1e400', '1e400'],
  ['0.1', 0.1],
  ['1.00000000000000001', '1.00000000000000001'],
  ['12345678901234567890.5', '12345678901234567890.5'],
])('a number that a double cannot hold keeps its text: %s', (text, expected) => {
  expect(parseExact(`{"n":${text}}`)).toEqual({ n: expected })
})

test.each([
  ['two methods', '{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/call"}'],
  ['a method in another case', '{"jsonrpc":"2.0","id":1,"method":"ping","Method":"tools/call"}'],
  ['a name in another case', '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","NAME":"b"}}'],
  ['an escaped second key', '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","\\u006eame":"b"}}'],
  [
    'duplicate arguments',
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","arguments":{"p":1,"p":2}}}',
  ],
  ['a carriage return that hides a line', '{"jsonrpc":"2.0","x":\r{"jsonrpc":"2.0","id":1,"method":"tools/call"}\r}'],
  ['a batch', '[{"jsonrpc":"2.0","id":1,"method":"ping"}]'],
  ['a null id', '{"jsonrpc":"2.0","id":null,"method":"ping"}'],
  ['no JSON', '{"jsonrpc":"2.0",}'],
  ['a bare value', '"tools/call"'],
])('%s is refused', (_what, text) => {
  expect(() => parseMessage(line(text))).toThrow(expect.objectContaining({ code: 'MALFORMED_MESSAGE' }))
})

test('bytes that are not UTF-8 are refused', () => {
  const raw = Buffer.concat([line('{"jsonrpc":"2.0","method":"x","p":"'), Buffer.from([0xff, 0xfe]), line('"}')])
  expect(() => parseMessage(raw)).toThrow('not valid UTF-8')
})

test('unknown keys, methods and a trailing carriage return are fine', () => {
  const message = parseMessage(
    line('{"vendor":{"a":1},"jsonrpc":"2.0","id":"x-1","method":"vendor/unknown","extra":[1]}\r'),
  )
  expect({ kind: message.kind, id: message.id?.key, method: message.method }).toEqual({
    kind: 'request',
    id: 'string:x-1',
    method: 'vendor/unknown',
  })
})
