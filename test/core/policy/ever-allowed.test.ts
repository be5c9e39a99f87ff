import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Envelope } from '../../../shared/envelope.ts'
import { canEverBeAllowed } from '../../../src-main/core/policy/ever-allowed.ts'
import { decide } from '../../../src-main/core/policy/precedence.ts'
import type { Snapshot } from '../../../src-main/core/policy/snapshot.ts'
import { campaign } from '../../fakes/campaign.ts'
import { allFine, type CallParts, envelope, snapshotOf } from './call.ts'

const enforceable = new Set(['max_runtime_sec', 'max_retries'] as const)
const now = { enforceable, unbound: 'local.default', today: '2026-06-01' } as const

/** What is the same for all requests for one thing, and what only arguments say. */
type Thing = Pick<CallParts, 'server' | 'trust' | 'kind' | 'names' | 'action' | 'tags'> & { least: number }
type Asked = { paths: string[]; args: Record<string, unknown>; more: number }

function request(thing: Thing, { paths, args, more }: Asked): Envelope {
  const { least, ...parts } = thing
  const tool = thing.kind === 'tool' ? (thing.names?.[0] ?? '') : ''
  return envelope({ ...parts, tool, paths, args, risk: Math.min(100, least + more) })
}
const bare = (thing: Thing): Envelope => request(thing, { paths: [], args: {}, more: 0 })

const kind = fc.constantFrom('tool', 'resource', 'prompt') as fc.Arbitrary<'tool' | 'resource' | 'prompt'>
const name = fc.constantFrom('alpha', 'beta', 'gamma')
const thing: fc.Arbitrary<Thing> = fc.record({
  server: fc.constantFrom('files', 'notes'),
  trust: fc.constantFrom('trusted', 'restricted', 'sandbox') as fc.Arbitrary<Envelope['server']['trust_level']>,
  kind,
  names: fc.oneof(
    name.map((one) => [one]),
    fc.tuple(name, name).map((both) => [...new Set(both)]),
  ),
  action: fc.constantFrom('read', 'write', 'destructive') as fc.Arbitrary<Envelope['tool']['action']>,
  tags: fc.constantFrom([], ['prod']),
  least: fc.integer({ min: 0, max: 90 }),
})
const asked: fc.Arbitrary<Asked> = fc.record({
  paths: fc.constantFrom([], ['/srv/a'], ['/etc/b']),
  args: fc.constantFrom({}, { n: 1 }, { n: 'text' }),
  more: fc.constantFrom(0, 5, 40),
})

const fixed = ['server.name == "files"', 'client.name == "Editor"', 'labels["none"] == "x"', 'risk_tags.size() > 0']
const open = ['resource.paths.exists(p, p.startsWith("/etc/"))', 'args.n > 0', 'has(args.n)', 'risk.score > 40']

function ruleWith(conditions: readonly string[]): fc.Arbitrary<string> {
  const labels = fc.record(
    {
      'mcp.server': fc.constantFrom('files', '"*"', '"n*"'),
      'mcp.kind': kind,
      'mcp.name': fc.constantFrom('alpha', '"*a"', 'beta'),
      'mcp.tool': fc.constantFrom('alpha', '"*"'),
      'mcp.action': fc.constantFrom('read', '[write, destructive]'),
    },
    { requiredKeys: ['mcp.server'] },
  )
  const effect = fc.constantFrom(
    ...['decision: ALLOW', 'decision: DENY', 'decision: REQUIRE_APPROVAL', 'decision: ALLOW, accept_risk: 90'],
    'decision: ALLOW_WITH_CONSTRAINTS, constraints: { max_runtime_sec: 5 }',
    'decision: ALLOW_WITH_CONSTRAINTS, constraints: { network_allowlist: [a.example] }',
  )
  const when = conditions.length === 0 ? fc.constant('') : fc.constantFrom('', ...conditions)
  return fc.tuple(labels, effect, when).map(([given, does, condition]) => {
    const match = Object.entries(given).map(([label, value]) => `${label}: ${value}`)
    return `match: { labels: { ${match.join(', ')} } }, ${does}${condition === '' ? '' : `, when: '${condition}'`}`
  })
}

function policyWith(conditions: readonly string[]): fc.Arbitrary<Snapshot> {
  return fc
    .tuple(fc.constantFrom('deny', 'by_risk'), fc.array(ruleWith(conditions), { minLength: 1, maxLength: 4 }))
    .map(([otherwise, rules]) =>
      snapshotOf(
        `version: v1\ndefault: ${otherwise}\nrules:\n${rules.map((rule, n) => `  - { id: r${n}, ${rule} }\n`).join('')}`,
      ),
    )
}

const refused = (call: Envelope, snapshot: Snapshot, observe: boolean) =>
  decide(call, snapshot, { ...allFine, ...now, observe }).effect === 'DENY'

test('nothing that is hidden is ever let through, whatever is asked', ({ task }) => {
  const numRuns = campaign(task, { sample: 1_500, full: 50_000, seed: 20261201 })
  fc.assert(
    fc.property(
      policyWith([...fixed, ...open]),
      thing,
      fc.array(asked, { minLength: 1, maxLength: 6 }),
      fc.boolean(),
      (snapshot, it, calls, observe) => {
        fc.pre(!canEverBeAllowed({ envelope: bare(it), named: true, ...now, observe }, snapshot))
        for (const call of calls) expect(refused(request(it, call), snapshot, observe)).toBe(true)
      },
    ),
    { numRuns, seed: 20261201 },
  )
})

test('nothing that could be let through is hidden, and where no rule looks at arguments all that is refused is', ({
  task,
}) => {
  const numRuns = campaign(task, { sample: 1_500, full: 50_000, seed: 20261202 })
  fc.assert(
    fc.property(policyWith(fixed), thing, fc.boolean(), (snapshot, it, observe) => {
      const shown = canEverBeAllowed({ envelope: bare(it), named: true, ...now, observe }, snapshot)
      expect(shown).toBe(!refused(bare(it), snapshot, observe))
    }),
    { numRuns, seed: 20261202 },
  )
})

test('a family of things is hidden only when none of them could be let through, whatever their names', ({ task }) => {
  const numRuns = campaign(task, { sample: 1_000, full: 30_000, seed: 20261203 })
  fc.assert(
    fc.property(
      policyWith([...fixed, ...open]),
      thing,
      name,
      asked,
      fc.boolean(),
      (snapshot, it, one, call, observe) => {
        const family = bare({ ...it, kind: 'resource' })
        fc.pre(!canEverBeAllowed({ envelope: family, named: false, ...now, observe }, snapshot))
        expect(refused(request({ ...it, kind: 'resource', names: [one] }, call), snapshot, observe)).toBe(true)
      },
    ),
    { numRuns, seed: 20261203 },
  )
})

test('without a policy nothing is shown', () => {
  expect(canEverBeAllowed({ envelope: envelope(), named: true, ...now, observe: true }, null)).toBe(false)
})
