import fc from 'fast-check'
import type { PolicyFile } from '../../../src-main/core/policy/rule.ts'
import type { Snapshot } from '../../../src-main/core/policy/snapshot.ts'
import { type CallParts, snapshotOfFiles } from './call.ts'

/** One file of a random policy, in any of the formats; `write` gives its text, with ids that are its own. */
export type Piece = { origin: PolicyFile['origin']; write: (id: string) => string }

const origin = fc.constantFrom('local', 'local', 'org') as fc.Arbitrary<PolicyFile['origin']>
const server = fc.constantFrom('a', 'b', '"*"', '[a, b]')

const effect = fc.constantFrom(
  ...['decision: ALLOW', 'decision: DENY', 'decision: REQUIRE_APPROVAL', 'decision: REQUIRE_APPROVAL, level: 4'],
  ...['decision: ALLOW, accept_risk: 90', 'decision: REQUIRE_APPROVAL, accept_risk: 80'],
  'decision: ALLOW_WITH_CONSTRAINTS, constraints: { max_rows: 5 }',
  'decision: ALLOW, constraints: { network_allowlist: [h.example], max_runtime_sec: 9 }',
  'decision: ALLOW, constraints: { network_allowlist: [i.example] }',
)
const condition = fc.constantFrom(
  ...[null, null, 'args.n == 1', 'has(args.n)', '"x" in user.roles', 'risk.score > 50'],
  'resource.paths.exists(p, p.startsWith("/etc"))',
)
const narrower = fc.constantFrom(
  '',
  '',
  ', mcp.action: write',
  ', mcp.tool: read',
  ', mcp.tool: "*e*"',
  ', mcp.action: read',
)
const tags = fc.constantFrom('', ', risk_tags: [prod]')
const ruleText = fc.record({ server, narrower, effect, condition, tags })
const rulePiece = fc
  .tuple(fc.array(ruleText, { minLength: 1, maxLength: 3 }), fc.constantFrom('', 'default: by_risk\n'))
  .map(([list, top]) => (id: string) => {
    const lines = list.map(({ server, narrower, effect, condition, tags }, index) => {
      const when = condition === null ? '' : `, when: '${condition}'`
      return `  - { id: ${id}-${index}, match: { labels: { mcp.server: ${server}${narrower} }${tags} }, ${effect}${when} }\n`
    })
    return `version: v1\n${top}rules:\n${lines.join('')}`
  })

const toolPiece = fc
  .record({
    tool: fc.constantFrom('a.read', '"a.*"', 'read'),
    roles: fc.constantFrom('', 'roles: [x]', 'roles: [x, y]', 'roles: []'),
    bound: fc.constantFrom('', 'constraints: { max_rows: 3 }', 'dlp: { mask_fields: [email] }'),
    review: fc.constantFrom('', 'review: { next_review: 2026-05-31 }', 'review: { next_review: 2026-06-01 }'),
    audit: fc.constantFrom('', 'audit: { alert_on: [large_result_set] }'),
  })
  .map(
    ({ tool, ...rest }) =>
      (id: string) =>
        [`id: ${id}`, `tool: ${tool}`, ...Object.values(rest)].join('\n'),
  )

const patternPiece = fc
  .record(
    {
      action: fc.constantFrom('ALLOW', 'EVALUATE', 'DENY'),
      server_patterns: fc.constantFrom(['a'], ['*']),
      verb_patterns: fc.constantFrom(['read'], ['r*', 'write']),
      namespace_patterns: fc.constantFrom(['a'], ['m']),
      resource_patterns: fc.constantFrom(['/etc/*'], ['*']),
      risk_threshold: fc.constantFrom(0, 50, 80),
      required_approval_level: fc.constantFrom(2, 5),
    },
    { requiredKeys: ['action'] },
  )
  .map((policy) => (id: string) => JSON.stringify({ policy_id: id, policy_name: id, ...policy }))

const accessPolicy = fc.record({
  allow: fc.constantFrom('allow: { prefixes: [a.] }', 'allow: { tags: [t] }', 'allow_all: true'),
  block: fc.constantFrom('', 'block: { tools: [a.read] }', 'block: { modules: [m] }'),
  ceiling: fc.constantFrom('', 'max_classification: internal', 'max_action: read', 'archived: true'),
})
/** One or two policies, all bound to the same client or role. */
const accessPiece = fc
  .record({
    policies: fc.array(accessPolicy, { minLength: 1, maxLength: 2 }),
    clients: fc.constantFrom('', 'clients: [Editor]', 'clients: [Other]'),
    roles: fc.constantFrom('roles: [x]', 'roles: [y]'),
    user: fc.constantFrom('', 'user_roles: [x]', 'user_roles: [y]'),
  })
  .map(({ policies, clients, roles, user }) => (id: string) => {
    const ids = policies.map((_, at) => (at === 0 ? id : `${id}-${at}`))
    const parts = policies.map(({ allow, block, ceiling }, at) => {
      return `{ ${[`id: ${ids[at]}`, allow, block, ceiling].filter(Boolean).join(', ')} }`
    })
    const bound = ids.map((each) => `{ policy: ${each}, ${clients || roles} }`)
    return `version: v1\n${user}\naccess_policies: [${parts.join(', ')}]\nbindings: [${bound.join(', ')}]\n`
  })

/** Anything that can stand in a policy folder. */
export const piece: fc.Arbitrary<Piece> = fc.record({
  origin,
  write: fc.oneof(
    { weight: 4, arbitrary: rulePiece },
    { weight: 2, arbitrary: toolPiece },
    { weight: 2, arbitrary: patternPiece },
    { weight: 1, arbitrary: accessPiece },
  ),
})
export const policy: fc.Arbitrary<Piece[]> = fc.array(piece, { minLength: 1, maxLength: 6 })

/** Something that only forbids. */
export const denying: fc.Arbitrary<Piece> = fc.record({
  origin,
  write: fc.oneof(
    patternPiece.map((write) => (id: string) => JSON.stringify({ ...JSON.parse(write(id)), action: 'DENY' })),
    fc.record({ server, condition }).map(({ server, condition }) => (id: string) => {
      const when = condition === null ? '' : `, when: '${condition}'`
      return `version: v1\nrules: [{ id: ${id}, match: { labels: { mcp.server: ${server} } }, decision: DENY${when} }]`
    }),
  ),
})

/** A call that such policies can tell apart from others. */
export const callParts: fc.Arbitrary<CallParts> = fc.record({
  server: fc.constantFrom('a', 'b'),
  tool: fc.constantFrom('read', 'write'),
  trust: fc.constantFrom('trusted', 'restricted', 'sandbox') as fc.Arbitrary<'trusted'>,
  action: fc.constantFrom('read', 'write', 'destructive') as fc.Arbitrary<'read'>,
  kind: fc.constantFrom('tool', 'tool', 'tool', 'resource', 'elicitation') as fc.Arbitrary<'tool'>,
  risk: fc.constantFrom(0, 30, 49, 50, 75, 85, 95),
  tags: fc.constantFrom([], ['prod']),
  args: fc.constantFrom({}, { n: 1 }, { n: 'text' }),
  paths: fc.constantFrom([], ['/etc/passwd'], ['/etc/passwd', '/srv/a'], ['/srv/a']),
  roles: fc.subarray(['x', 'y']),
  client: fc.constantFrom('Editor', 'Other', 'Third'),
  module: fc.constantFrom('', 'm'),
  classification: fc.constantFrom('public', 'internal', 'restricted') as fc.Arbitrary<'public'>,
  toolTags: fc.constantFrom([], ['t']),
})

/** The files of a policy: one for each piece, whose position gives its ids. */
export function filesFrom(pieces: readonly (Piece | null)[]): PolicyFile[] {
  return pieces.flatMap((each, index) =>
    each ? [{ path: `${index}.yaml`, origin: each.origin, text: each.write(`p${index}`) }] : [],
  )
}

/** The snapshot of a policy, or null when the organisation would bind what is not its own, or nothing is left. */
export function snapshotFrom(pieces: readonly (Piece | null)[]): Snapshot | null {
  const files = filesFrom(pieces)
  return files.length === 0 ? null : snapshotOfFiles(files)
}

/** A short random value for tests that compare calls under different facts. */
export const facts = fc.record({
  today: fc.constantFrom('2026-05-31', '2026-06-01', '2026-07-01'),
  unbound: fc.constantFrom('local.default', 'local.default', 'mcp.empty') as fc.Arbitrary<'local.default'>,
  observe: fc.boolean(),
  stopped: fc.constantFrom(false, false, false, true),
  registered: fc.constantFrom(true, true, true, false),
  tool: fc.constantFrom('reviewed', 'reviewed', 'reviewed', 'held') as fc.Arbitrary<'reviewed'>,
})
