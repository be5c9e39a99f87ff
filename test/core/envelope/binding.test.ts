import { expect, test } from 'vitest'
import { argsHash } from '../../../src-main/core/envelope/binding.ts'
import { wholeValue } from '../../../src-main/core/json/spans.ts'

function hash(params: string): string {
  const raw = Buffer.from(params)
  return argsHash(raw, wholeValue(raw))
}

test('members of `_meta` that name the request are left out', () => {
  expect(hash('{"name":"a","_meta":{"progressToken":1}}')).toBe(hash('{"name":"a","_meta":{"progressToken":2}}'))
})

test.each([
  ['another argument', '{"name":"a","arguments":{"x":1}}', '{"name":"a","arguments":{"x":2}}'],
  ['other metadata', '{"_meta":{"x":1}}', '{"_meta":{"x":2}}'],
  ['metadata that is no object', '{"_meta":"x"}', '{"_meta":"y"}'],
  ['metadata that is a list', '{"_meta":[1]}', '{"_meta":[2]}'],
  ['a list for an object', '{"_meta":[]}', '{"_meta":{}}'],
])('%s makes another hash', (_what, one, other) => {
  expect(hash(one)).not.toBe(hash(other))
})
