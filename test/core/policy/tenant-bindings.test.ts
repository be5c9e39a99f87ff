import { expect, test } from 'vitest'
import { accessDenial } from '../../../src-main/core/policy/access.ts'
import { compareSnapshots } from '../../../src-main/core/policy/compare.ts'
import { describeAccesses } from '../../../src-main/core/policy/describe.ts'
import type { Snapshot } from '../../../src-main/core/policy/snapshot.ts'
import { allFine, decideWith, envelope, snapshotOf } from './call.ts'

const policies = `access_policies:
  - { id: all, allow_all: true }
  - { id: one, allow: { tools: [read_file] } }
  - { id: all-but, allow_all: true, block: { tools: [read_file] } }
`
const bound = (...bindings: string[]) =>
  `version: v1\n${policies}${bindings.length > 0 ? `bindings: [${bindings.join(', ')}]\n` : ''}`
const to = (policy: string, tenant?: string, whom = 'clients: [client-1]') =>
  `{ policy: ${policy}, ${whom}${tenant === undefined ? '' : `, tenant: ${tenant}`} }`

/** Whether a tool is open to a client that works for somebody: one of somebody else, or one of this machine. */
function opens(
  snapshot: Snapshot,
  tenant: string,
  tool = 'read_file',
  unbound: 'mcp.empty' | 'local.default' = 'mcp.empty',
) {
  return accessDenial(envelope({ tenant, tool }), snapshot.access, unbound) === null
}

test.each([
  ['for acme, while it works for acme', [to('one', 'acme')], 'acme', true],
  ['for acme, while it works for globex', [to('one', 'acme')], 'globex', false],
  ['for acme, while it works for nobody in particular', [to('one', 'acme')], '', false],
  ['for acme, in another spelling', [to('one', 'acme')], 'Acme', false],
  ['always, while it works for acme', [to('one')], 'acme', true],
  ['always, and for acme to what blocks, while it works for acme', [to('all'), to('all-but', 'acme')], 'acme', false],
  [
    'always, and for acme to what blocks, while it works for globex',
    [to('all'), to('all-but', 'acme')],
    'globex',
    true,
  ],
  ['to nothing always, and for acme to something', [to('mcp.empty'), to('one', 'acme')], 'acme', true],
  [
    'always, and its user for acme to something else',
    [to('all'), to('mcp.empty', 'acme', 'roles: [x]')],
    'acme',
    false,
  ],
  [
    'always, and its user for acme, working for globex',
    [to('all'), to('mcp.empty', 'acme', 'roles: [x]')],
    'globex',
    true,
  ],
])('bound %s', (_, bindings, tenant, open) => {
  const snapshot = snapshotOf(`${bound(...bindings)}user_roles: [x]\n`)
  const who = { ...envelope({ tenant }), user: { id: 'ada', roles: ['x'] } }
  expect(accessDenial(who, snapshot.access, 'mcp.empty') === null).toBe(open)
})

test('a client of this machine that only another organisation binds is as if nothing bound it', () => {
  const snapshot = snapshotOf(bound(to('mcp.empty', 'acme')))
  expect(opens(snapshot, 'acme', 'read_file', 'local.default')).toBe(false)
  expect(opens(snapshot, '', 'read_file', 'local.default')).toBe(true)
})

test('it decides calls, and is told in words', () => {
  const text = bound(to('one', 'acme'))
  expect(decideWith(text, { tenant: 'globex' }, { ...allFine, unbound: 'mcp.empty' }).code).toBe('ACCESS_DENIED')
  expect(decideWith(text, { tenant: 'acme' }, { ...allFine, unbound: 'mcp.empty' }).code).toBe('NO_RULE')
  const { access } = snapshotOf(bound(to('one', 'acme'), to('one', undefined, 'roles: [x]')))
  expect(describeAccesses(access).find(({ id }) => id === 'one')).toMatchObject({
    ...{ clients: ['client-1 (for acme)'], roles: ['x'] },
  })
})

test.each(['acme corp', '', '_x', 'a'.repeat(81), ['acme']])('`%j` is no tenant', (tenant) => {
  expect(() => snapshotOf(bound(to('one', JSON.stringify(tenant))))).toThrow('the name of one tenant: 1–80')
})

test('what one organisation is given, loses or gives away is told as the change that it is', () => {
  const changes = (before: string[], after: string[]) =>
    compareSnapshots(snapshotOf(bound(...before)), snapshotOf(bound(...after)))
  const words = 'the binding of client `client-1` to `one` for the tenant `acme`'
  expect(changes([], [to('one', 'acme')])).toEqual({ loosens: [`${words} is new`], tightens: [] })
  expect(changes([to('one', 'acme')], [])).toEqual({ loosens: [`${words} is gone`], tightens: [] })
  expect(changes([to('one', 'acme'), to('mcp.empty')], [to('mcp.empty')]).loosens).toEqual([])
  // The one that stays holds for another, or for one alone: without the other it is as if nothing bound the client.
  expect(changes([to('one', 'acme'), to('one', 'globex')], [to('one', 'globex')]).loosens).toHaveLength(1)
  expect(changes([to('one'), to('one', 'acme')], [to('one', 'acme')]).loosens).toHaveLength(1)
})

test('a change of bindings that loosens nothing opens nothing, for whomever a client works', () => {
  const each = ['all', 'one', 'all-but', 'mcp.empty'].flatMap((policy) =>
    [undefined, 'acme', 'globex'].map((tenant) => to(policy, tenant)),
  )
  const sets = [
    [],
    ...each.map((one) => [one]),
    ...each.flatMap((one, at) => each.slice(at + 1).map((two) => [one, two])),
  ]
  const snapshots = sets.map((set) => snapshotOf(bound(...set)))
  const asked = ['', 'acme', 'globex'].flatMap((tenant) =>
    ['read_file', 'write_file'].flatMap((tool) =>
      (['mcp.empty', 'local.default'] as const).map((unbound) => [tenant, tool, unbound] as const),
    ),
  )
  let proven = 0
  for (const before of snapshots) {
    const was = asked.map((one) => opens(before, ...one))
    for (const after of snapshots) {
      if (compareSnapshots(before, after).loosens.length > 0) continue
      proven++
      const opened = asked.filter((one, at) => was[at] === false && opens(after, ...one))
      expect(opened, JSON.stringify([before.files, after.files])).toEqual([])
    }
  }
  expect(proven).toBeGreaterThan(300)
})
