import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { decide } from '../../../src-main/core/policy/precedence.ts'
import { allFine, envelope, snapshotOf } from './call.ts'

/** Seed 001's four example rules, word for word; only the indentation, which the published text has lost, is put back. */
const text = readFileSync(join(import.meta.dirname, '../../golden/policy/seed-001.yaml'), 'utf8')

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
