import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { policySchemas } from '../../../src-main/core/policy/schemas.ts'
import { root } from '../../rules/source.ts'

const folder = join(root, 'assets', 'schemas')
const shipped = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8'))
/** What an editor says of a file: whether it fits the schema that is shipped. */
const fits = (name: string, text: string) => z.fromJSONSchema(shipped(`${name}.json`)).safeParse(parse(text)).success

test('the schemas that are shipped are those of the formats; else run test/golden/make-schemas.ts', () => {
  const made = policySchemas()
  expect(readdirSync(folder).sort()).toEqual(
    Object.keys(made)
      .map((name) => `${name}.json`)
      .sort(),
  )
  for (const [name, schema] of Object.entries(made)) {
    expect(shipped(`${name}.json`)).toEqual(JSON.parse(JSON.stringify(schema)))
    expect(schema).toMatchObject({ $schema: 'http://json-schema.org/draft-07/schema#' })
  }
})

describe('the schema of rule files', () => {
  const starter = readFileSync(join(root, 'assets', 'starter-policy.yaml'), 'utf8')
  test('takes the starter policy, which names it', () => {
    expect(starter).toMatch(/^# yaml-language-server: \$schema=\.\.\/schemas\/rules\.json\n/)
    expect(fits('rules', starter)).toBe(true)
  })
  test.each([
    [
      'one name or many',
      'rules: [{ id: a, match: { labels: { mcp.tool: x, mcp.action: [read, write] } }, decision: ALLOW }]',
      true,
    ],
    ['a key that is none', 'rules: [{ id: a, matches: {}, decision: ALLOW }]', false],
    ['a decision that is none', 'rules: [{ id: a, match: { labels: { mcp.tool: x } }, decision: MAYBE }]', false],
    ['a level beyond 5', 'rules: [{ id: a, when: "true", decision: REQUIRE_APPROVAL, level: 6 }]', false],
  ])('%s', (_what, text, ok) => {
    expect(fits('rules', `version: v1\n${text}\n`)).toBe(ok)
  })
})

test('the schema of tests takes a test and no keys of others', () => {
  const text = (rest: string) =>
    `version: v1\ntests:\n  - name: one\n    envelope: { server: files, ${rest} }\n    expect: { effect: DENY }\n`
  expect(fits('tests', text('tool: { name: read, action: read }'))).toBe(true)
  expect(fits('tests', text('tools: read'))).toBe(false)
})

test.each([
  ['seed-000.yaml', 'access'],
  ['seed-001.yaml', 'rules'],
  ['seed-002.yaml', 'tool'],
  ['seed-003.json', 'patterns'],
])('the published example %s fits the schema of %s', (file, name) => {
  expect(fits(name, readFileSync(join(root, 'test', 'golden', 'policy', file), 'utf8'))).toBe(true)
})
