import { describe, expect, test } from 'vitest'
import { decidedNow, judge } from '../../../src-main/core/pipeline/judge.ts'
import { callOf, denies, policy, reads, type World } from './judged-call.ts'

describe('what changes while the SQL of a call is read is decided on', () => {
  test.each<[what: string, change: (world: World) => void, effect: string, code: string | null]>([
    ['a rule that denies', (world) => (world.snapshot = policy(reads, denies)), 'DENY', 'POLICY_DENIED'],
    [
      'the rule goes',
      (world) => (world.snapshot = policy('id: a, when: "args.sql == \'\'", decision: ALLOW')),
      'DENY',
      'NO_RULE',
    ],
    [
      'a level',
      (world) => (world.snapshot = policy(reads, 'id: a, decision: REQUIRE_APPROVAL, level: 3')),
      'REQUIRE_APPROVAL',
      null,
    ],
    ['the client is revoked', (world) => (world.revoked = true), 'DENY', 'CLIENT_REFUSED'],
    ['what it touches is protected', (world) => (world.protected = '/a'), 'DENY', 'PROTECTED_PATH'],
    [
      'the server is no longer what was approved',
      (world) => world.server?.drift.push('it changed'),
      'DENY',
      'SERVER_CHANGED',
    ],
    ['the server is gone', (world) => (world.server = null), 'DENY', 'SERVER_UNKNOWN'],
    ['nothing', () => {}, 'ALLOW_WITH_CONSTRAINTS', null],
  ])('%s', async (_what, change, effect, code) => {
    const { deps, open } = callOf((world, times) => times === 1 && change(world))
    const { decision } = await judge(open, deps)
    expect([decision.effect, decision.code]).toEqual([effect, code])
    expect(decision.snapshot).toBe(deps.snapshot()?.hash)
  })
})

test('bounds are checked anew where they are others, and SQL is read once where nothing changed', async () => {
  const changed = callOf((world) => {
    world.snapshot = policy(reads.replace('reads', 'other'))
  })
  expect((await judge(changed.open, changed.deps)).checked.held).toMatchObject([{ rule: 'other' }])
  expect(changed.times()).toBe(2)
  const dialect = callOf((world) => {
    if (world.server) world.server = { ...world.server, sql_dialect: 'mysql' }
  })
  expect((await judge(dialect.open, dialect.deps)).checked.held).toMatchObject([
    { detail: 'its SQL was read as mysql' },
  ])
  const same = callOf(() => {})
  await judge(same.open, same.deps)
  expect(same.times()).toBe(1)
})

test('a call whose policy never stays is refused', async () => {
  const { deps, open, times } = callOf((world, times) => (world.snapshot = policy(reads.replace('reads', `r${times}`))))
  await expect(judge(open, deps)).rejects.toMatchObject({ code: 'DECISION_UNSETTLED', outcome: 'blocked' })
  expect(times()).toBe(5)
})

test('a server that is registered anew while it says what its tools are is another one', async () => {
  const { deps, open, world } = callOf(() => {})
  const judged = await judge(open, deps)
  const live = async () => {
    world.server = world.server && { ...world.server, launch: { ...world.server.launch } }
    return { name: 'query' }
  }
  const asked = { ...judged, request: { ...judged.request, live } }
  await expect(decidedNow(asked, deps)).rejects.toMatchObject({ code: 'SERVER_CHANGED' })
})
