import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { schemaFor } from '../../../src-renderer/features/policies/edit/schemas.ts'
import { type FileSchema, schemaChoices } from '../../../src-renderer/yaml-editor/schema-choices.ts'
import { yamlPlace } from '../../../src-renderer/yaml-editor/yaml-place.ts'

const schema = (name: string): FileSchema =>
  JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', '..', 'assets', 'schemas', `${name}.json`), 'utf8'))
const schemas = new Map([
  ['rules', schema('rules')],
  ['tests', schema('tests')],
])

/** What may be written at `|`. */
function offered(text: string, path = 'rules.yaml'): string[] {
  const place = yamlPlace(text.replace('|', ''), text.indexOf('|'))
  const shipped = schemaFor(path, text, schemas)
  return place && shipped ? schemaChoices(shipped, place).map((choice) => choice.text) : []
}

test.each([
  ['keys of a file', 'version: v1\n|', ['default', 'rules'], ['version', 'id']],
  ['keys of a rule', 'rules:\n  - id: a\n    |', ['match', 'when', 'decision'], ['id', 'version']],
  ['decisions', 'rules:\n  - decision: |', ['ALLOW', 'DENY', 'REQUIRE_APPROVAL', 'ALLOW_WITH_CONSTRAINTS'], []],
  [
    'one of a list, as it stands alone',
    'rules:\n  - match:\n      labels:\n        mcp.action: |',
    ['read', 'write'],
    [],
  ],
  ['one of a list, in a line', 'rules:\n  - match: { labels: { mcp.action: [read, |', ['destructive'], []],
  ['keys in a line', 'rules:\n  - match: { |', ['labels', 'risk_tags'], ['id']],
  ['true and false', 'rules:\n  - constraints:\n      read_only: |', ['true', 'false'], []],
])('%s', (_, text, some, none) => {
  expect(offered(text)).toEqual(expect.arrayContaining(some))
  for (const word of none) expect(offered(text)).not.toContain(word)
})

test('tests have a schema of their own', () => {
  const text = 'version: v1\ntests:\n  - |'
  expect(offered(text, 'rules.test.yaml')).toEqual(expect.arrayContaining(['name', 'envelope', 'expect']))
})

test('a schema that leads in a circle ends', () => {
  const circle: FileSchema = { $ref: '#/definitions/a', definitions: { a: { anyOf: [{ $ref: '#/definitions/a' }] } } }
  expect(schemaChoices(circle, { kind: 'key', path: ['x', '*'], from: 0, beside: [] })).toEqual([])
})
