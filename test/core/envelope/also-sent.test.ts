import { expect, test } from 'vitest'
import { alsoSent } from '../../../src-main/core/envelope/also-sent.ts'

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
