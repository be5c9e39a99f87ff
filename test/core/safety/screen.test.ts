import { expect, test } from 'vitest'
import { wholeValue } from '../../../src-main/core/json/spans.ts'
import { maxScannedBytes, screenJson } from '../../../src-main/core/safety/screen.ts'

const value = 'aB3dE5gH7jK9mN1pQ3sT'
const begin = ['-----BEGIN PRIVATE ', 'KEY-----'].join('')
const end = ['-----END PRIVATE ', 'KEY-----'].join('')

function screened(text: string, except?: { start: number; end: number }) {
  const raw = Buffer.from(text)
  const { line, findings } = screenJson(raw, wholeValue(raw), except && [except])
  return { text: line.toString(), rules: findings.map(({ rule }) => rule) }
}

test.each([
  [
    `{"password":"${value}", "n":1.0,"api_key" : "${value}"}`,
    '{"password":"[masked: assigned-secret]", "n":1.0,"api_key" : "[masked: assigned-secret]"}',
    ['assigned-secret', 'assigned-secret'],
  ],
  [`{"pass\\u0077ord":"${value}"}`, '{"pass\\u0077ord":"[masked: assigned-secret]"}', ['assigned-secret']],
  [
    `{"token"          :          "${value}"}`,
    '{"token"          :          "[masked: assigned-secret]"}',
    ['assigned-secret'],
  ],
  ['{"é":1,"card":4111111111111111,"b":[2]}', '{"é":1,"card":"[masked: payment-card]","b":[2]}', ['payment-card']],
  ['[4111111111111111]', '["[masked: payment-card]"]', ['payment-card']],
  [
    `{"lines":["${begin}","MIIEowaB3dE5gH7jK9mN1pQ3sT5v","${end}"]}`,
    '{"lines":["[masked: private-key]","[masked: private-key]","[masked: private-key]"]}',
    ['private-key'],
  ],
  [
    `{"text":"{\\"a\\":\\"{\\\\\\"password\\\\\\":\\\\\\"${value}\\\\\\"}\\"}"}`,
    '{"text":"{\\"a\\":\\"{\\\\\\"[masked: assigned-secret]\\\\\\"}\\"}"}',
    ['assigned-secret'],
  ],
  [
    `{"text":"{\\"log\\":\\"x\\\\n${['gl', 'pat-'].join('')}${value}\\"}"}`,
    '{"text":"{\\"log\\":\\"x\\\\n[masked: gitlab-token]\\"}"}',
    ['gitlab-token'],
  ],
  [`{"x password=${value} y":"kept"}`, '{"x [masked: assigned-secret] y":"kept"}', ['assigned-secret']],
])('%s is masked where it stands', (raw, masked, rules) => {
  expect(screened(raw)).toEqual({ text: masked, rules })
  expect(() => JSON.parse(masked)).not.toThrow()
})

test.each([
  '{"tokens":[12345678901234567],"password":{"min_length_of_it_1":12}}',
  '{"secret":"password","token":{"abcdefghij1234567890":"x"}}',
  '{"max_tokens":1234567890123456,"t":-1.5e+10 , "u":"\\u0000"}',
])('%s stays as it is', (raw) => {
  expect(screened(raw)).toEqual({ text: raw, rules: [] })
})

test('what is exempt stays, also when something else is masked', () => {
  const raw = `{"é":1,"id":4111111111111111,"token":"${value}"}`
  const start = Buffer.from(raw).indexOf('4111')
  expect(screened(raw, { start, end: start + 16 }).text).toBe(raw.replace(value, '[masked: assigned-secret]'))
})

test('what is too long to scan is not passed off as clean', () => {
  const raw = Buffer.from(JSON.stringify('x'.repeat(maxScannedBytes)))
  expect(() => screenJson(raw, wholeValue(raw))).toThrow('larger than the limit')
})
