import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { decide } from '../../../src-main/core/policy/precedence.ts'
import { allFine, type CallParts, envelope, snapshotOf } from './call.ts'

/** Seed 001's four example rules, word for word; only the indentation, which the published text has lost, is put back. */
const text = readFileSync(join(import.meta.dirname, '../../golden/policy/seed-001.yaml'), 'utf8')

test.each<[string, CallParts, string, string[]]>([
  ['a read on an approved server', { server: 'github' }, 'ALLOW', ['allow-read-approved-servers']],
  ['a read on a server that is not listed', { server: 'files' }, 'DENY', ['deny-unregistered-server']],
  [
    'a write in production',
    { server: 'jira', action: 'write', tags: ['prod'] },
    'REQUIRE_APPROVAL',
    ['require-approval-production-write'],
  ],
  [
    'a write outside production',
    { server: 'slack', action: 'write', tags: ['non_prod'] },
    'ALLOW_WITH_CONSTRAINTS',
    ['constrain-medium-risk'],
  ],
  [
    'a write that carries both tags',
    { server: 'slack', action: 'write', tags: ['non_prod', 'prod'] },
    'REQUIRE_APPROVAL',
    ['require-approval-production-write', 'constrain-medium-risk'],
  ],
  ['a write without a tag', { server: 'snowflake', action: 'write' }, 'DENY', []],
  ['a destructive call', { server: 'github', action: 'destructive', tags: ['prod'] }, 'DENY', []],
  [
    'a write in production on a server that is not listed',
    { server: 'shadow', action: 'write', tags: ['prod'] },
    'DENY',
    ['require-approval-production-write', 'deny-unregistered-server'],
  ],
])('%s', (_, parts, effect, matched) => {
  expect(decide(envelope(parts), snapshotOf(text), allFine)).toMatchObject({ effect, matched })
})

test('the constraints of the examples come with the decision', () => {
  const decided = (tags: string[]) =>
    decide(envelope({ server: 'github', action: 'write', tags }), snapshotOf(text), allFine).constraints

  expect(decided(['prod'])).toEqual({ max_runtime_sec: 60, max_retries: 1 })
  expect(decided(['non_prod'])).toEqual({ max_runtime_sec: 30, network_allowlist: ['api.github.com', 'api.slack.com'] })
  expect(decided(['prod', 'non_prod'])).toEqual({
    max_runtime_sec: 30,
    max_retries: 1,
    network_allowlist: ['api.github.com', 'api.slack.com'],
  })
})

test('`deny_servers_not_in` means the same under `match` and at the level of the rule', () => {
  const moved = text.replace(/\n {6}mcp:\n {8}deny_servers_not_in/, '\n    mcp:\n      deny_servers_not_in')
  expect(moved).not.toBe(text)
  for (const server of ['github', 'snowflake', 'files', 'git']) {
    const call = envelope({ server })
    const [here, there] = [snapshotOf(text), snapshotOf(moved)].map((snapshot) => decide(call, snapshot, allFine))
    expect({ ...here, snapshot: '' }).toEqual({ ...there, snapshot: '' })
  }
})
