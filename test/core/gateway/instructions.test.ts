import { expect, test } from 'vitest'
import { holdInstructions } from '../../../src-main/core/gateway/instructions.ts'
import { parseMessage } from '../../../src-main/core/json/message.ts'

const held = (result: string) => {
  const raw = Buffer.from(`{"jsonrpc":"2.0","id":1,"result":${result}}`)
  const line = holdInstructions(parseMessage(raw), (text) => text === 'be "kind"')
  return line.toString().slice('{"jsonrpc":"2.0","id":1,"result":'.length, -1)
}

test.each([
  '{"n":1.0 , "instructions":"be \\"kind\\"" }',
  '{"instructions":""}',
  '{"instructions":null}',
  '{"capabilities":{"instructions":"other"}}',
  '"instructions"',
])('%s passes as it is', (result) => {
  expect(held(result)).toBe(result)
})

test.each([
  ['{"n":1.0 , "instructions" : "be \\"cruel\\"" }', '{"n":1.0 , "instructions" : "" }'],
  ['{"instructions":"be \\"kind\\"","instructions":"x"}', '{"instructions":"be \\"kind\\"","instructions":""}'],
  ['{"Instructions":"x"}', '{"Instructions":""}'],
  ['{"instructions":["x"]}', '{"instructions":""}'],
])('%s loses what nobody approved', (result, expected) => {
  expect(held(result)).toBe(expected)
})

test('an error answer passes', () => {
  const raw = Buffer.from('{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"instructions"}}')
  expect(holdInstructions(parseMessage(raw), () => false)).toBe(raw)
})
