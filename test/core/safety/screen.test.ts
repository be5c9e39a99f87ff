import fc from 'fast-check'
import { expect, test } from 'vitest'
import { wholeValue } from '../../../src-main/core/json/spans.ts'
import { findInJson, maxScannedBytes, screenJson } from '../../../src-main/core/safety/screen.ts'

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

const github = ['gh', 'p_', 'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0dF3hJ6'].join('')

/** What is ordinary in arguments, each as JSON writes it. */
test.each([
  ['a word of its own', `{"text":"it is ${github}"}`, 'github-token'],
  ['the beginning of a line', JSON.stringify({ text: `key:\n${github}\n` }), 'github-token'],
  ['behind a tab', JSON.stringify({ text: `key\t${github}` }), 'github-token'],
  ['JSON in a string', JSON.stringify({ content: JSON.stringify({ api_key: value }) }), 'assigned-secret'],
  [
    'the same on several lines',
    JSON.stringify({ content: JSON.stringify({ api_key: value }, null, 2) }),
    'assigned-secret',
  ],
  ['a file of variables', JSON.stringify({ content: `API_KEY="${value}"\n` }), 'assigned-secret'],
  ['escaped slashes', '{"at":"postgres:\\/\\/bob:hunter2secretpw@db.acme.org\\/x"}', 'url-password'],
  ['an escape within', `{"text":"\\u0067${github.slice(1)}"}`, 'github-token'],
  ['far from its name', `{"api_key"          :          "${value}"}`, 'assigned-secret'],
  ['a name', JSON.stringify({ [`a\n${github}`]: 1 }), 'github-token'],
])('a secret is found in arguments: %s', (_where, json, rule) => {
  expect(findInJson(json).map((finding) => finding.rule)).toEqual([rule])
})

test('whatever is masked in an answer is found in arguments, and nothing else, however it is written', () => {
  const part = fc.constantFrom(
    github,
    value,
    'password',
    'token=',
    '"',
    '\\',
    '\n',
    '\t',
    ' ',
    ':',
    '/',
    '{',
    '4111111111111111',
    'é',
  )
  const text = fc.array(part, { maxLength: 6 }).map((parts) => parts.join(''))
  const spelled = fc.constantFrom(
    (json: string) => json,
    (json: string) => json.replaceAll('/', '\\/').replaceAll('gh', '\\u0067h'),
    (json: string) => json.replaceAll('":', '"      :      '),
  )
  fc.assert(
    fc.property(
      fc.dictionary(
        text,
        fc.oneof(
          text,
          fc.array(text),
          text.map((it) => JSON.stringify({ it })),
        ),
      ),
      spelled,
      (args, spell) => {
        const json = spell(JSON.stringify(args))
        const raw = Buffer.from(json)
        expect([json, findInJson(json)]).toEqual([json, screenJson(raw, wholeValue(raw)).findings])
      },
    ),
    { numRuns: 1000 },
  )
})
