import { expect, test } from 'vitest'
import { alsoSent, sentBeside } from '../../../src-main/core/envelope/also-sent.ts'
import { parseMessage } from '../../../src-main/core/json/message.ts'

test.each([
  ['{"name":"a","arguments":{"b":1}}', ''],
  ['{"name":"a","_meta":{"progressToken":1,"traceparent":"x"}}', ''],
  ['{"name":"a","_meta":{}}', ''],
  ['{ "task" : {"ttl":1.0}, "name":"a" }', '{"task":{"ttl":1.0}}'],
  ['{"name":"a","_meta":{"progressToken":1,"x/y": [1.0]}, "other":null}', '{"_meta":{"x/y":[1.0]},"other":null}'],
  ['{"name":"a","_meta":"text"}', '{"_meta":"text"}'],
  ['{"inputResponses":{"k":"v"},"requestState":"s","name":"a"}', '{"inputResponses":{"k":"v"},"requestState":"s"}'],
])('of %s a person also sees %s', (params, shown) => {
  expect(alsoSent(Buffer.from(params))).toBe(shown)
})

const beside = (method: string, params: string) =>
  sentBeside(
    parseMessage(Buffer.from(`{"jsonrpc":"2.0","id":1,"method":"${method}","params":${params}}`)),
    method === 'tools/call' ? 'tool' : 'prompt',
  )
const traced = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'

test.each([
  ['tools/call', '{"name":"a","arguments":{"b":1}}', ''],
  [
    'tools/call',
    '{"name":"a","_meta":{"baggage":"b","x": 1.0},"task":{}}',
    '{"_meta":{"baggage":"b","x":1.0},"task":{}}',
  ],
  ['tools/call', `{"_meta":{"traceparent":"${traced}","progressToken":"p"},"name":"a"}`, '{"_meta":{"":"p"}}'],
  [
    'tools/call',
    '{"_meta":{"traceparent":"else","progressToken":4111111111111111}}',
    '{"_meta":{"traceparent":"else"}}',
  ],
  ['tools/call', '{"name":"a","_meta":"text"}', '{"_meta":"text"}'],
  ['prompts/get', '{"name":"a","arguments":{"b":"c"},"more":1}', ''],
  ['prompts/get', '{"name":"a","_meta":{"b":"c"}}', '{"_meta":{"b":"c"}}'],
])('secrets of a %s are also looked for in what %s says beside its arguments', (method, params, looked) => {
  expect(beside(method, params)).toBe(looked)
})
