import { expect, test } from 'vitest'
import { salvage, salvageIdAtEnd } from '../../../src-main/core/json/salvage.ts'

test.each([
  ['{"id": 7, "method":', '7', true],
  ['{"id":"a\\"b","x', '"a\\"b"', false],
  ['{"id":"cut', 'null', false],
  ['{"jsonrpc":"2.0","id":123', 'null', false],
  ['nothing', 'null', false],
  ['', 'null', false],
  ['{"method":"x","params":{"id":5,"id":6},"jsonrpc":"2.0","id":8}', '8', true],
  ['{"id":8,"method":"x","result":{}}', '8', false],
  ['{"result":{"method":"x","id":5,"id":6},"id":8}', '8', false],
  ['{"p":[{"id":3}],"i\\u0064":"q"}', '"q"', false],
  ['{"p":"\\"id\\":3,","id":1.0}', '1.0', false],
  ['[{"params":{"id":1},"id":40},{"id":41}]', '40', false],
  ['{"x":\r{"id":40}\r,"id":2}', '2', false],
  ['{"id":{"id":3},"a":1}', 'null', false],
  ['{"id":null,"method":"z"}', 'null', true],
  ['{"a":{"id":5', 'null', false],
  ['{"id":1}{"id":2,"method":"x"}', '1', false],
])('of %s the outermost id is %s', (text, idText, asks) => {
  expect(salvage(Buffer.from(text))).toEqual({ idText, asks })
})

test('the id of a huge line is found without deep recursion', () => {
  const raw = Buffer.from(`{"a":"${'x\\"'.repeat(4_000_000)}","b":[${'1,'.repeat(1_000_000)}1],"id":9}`)
  expect(salvage(raw).idText).toBe('9')
})

test.each([
  ['…"},"jsonrpc":"2.0","id":5}', '5'],
  ['…,"id" : "a\\"b" } \r', '"a\\"b"'],
  ['…\\"id\\":5}', 'null'],
  ['…"id":5}}', 'null'],
  ['…"id":5,"x":1}', 'null'],
])('a line that ends with %s has the id %s', (text, expected) => {
  expect(salvageIdAtEnd(Buffer.from(text))).toBe(expected)
})
