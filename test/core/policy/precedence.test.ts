import { describe, expect, test } from 'vitest'
import { decide } from '../../../src-main/core/policy/precedence.ts'
import { allFine, decideWith, envelope, rules, snapshotOf, snapshotOfFiles } from './call.ts'

const all = 'match: { labels: { mcp.server: "*" } }'
const allowAll = `id: allow-all, ${all}, decision: ALLOW`
const denyAll = `id: deny-all, ${all}, decision: DENY`
const failing = 'when: args.absent == 1'

test('an allowed call says everything about itself', () => {
  const snapshot = snapshotOf(rules(`${allowAll}, reason: reading is fine`))

  expect(decide(envelope({ risk: 12 }), snapshot, allFine)).toEqual({
    effect: 'ALLOW',
    code: null,
    reason: 'rule `allow-all` allows this call: reading is fine',
    rules: [
      { id: 'allow-all', effect: 'ALLOW', origin: 'local', file: 'test.yaml', line: 3, reason: 'reading is fine' },
    ],
    matched: ['allow-all'],
    constraints: {},
    alerts: [],
    approval_level: null,
    risk: 12,
    snapshot: snapshot.hash,
    errors: [],
    observed: null,
  })
})

describe('line 1: an error anywhere, or no policy, denies', () => {
  test.each(['ALLOW', 'REQUIRE_APPROVAL', 'DENY'])('a failing condition of a rule that decides %s', (effect) => {
    const decision = decideWith(rules(allowAll, `id: broken, ${all}, decision: ${effect}, ${failing}`))

    expect(decision).toMatchObject({
      effect: 'DENY',
      code: 'POLICY_ERROR',
      reason:
        'rule `broken` could not be evaluated: the call has no such value at `args.absent`; test for it first, with `has(…)` or `size(…)`',
      rules: [{ id: 'broken' }],
      errors: [
        {
          rule: 'broken',
          message: 'the call has no such value at `args.absent`; test for it first, with `has(…)` or `size(…)`',
        },
      ],
    })
    expect(decision.matched).toEqual(effect === 'ALLOW' ? ['allow-all'] : ['allow-all', 'broken'])
  })
  test('not when the rule is about other calls', () => {
    const elsewhere = 'id: broken, match: { labels: { mcp.server: elsewhere } }, decision: DENY'
    expect(decideWith(rules(allowAll, `${elsewhere}, ${failing}`)).effect).toBe('ALLOW')
  })
  test('no policy', () => {
    const decision = decide(envelope(), null, { ...allFine, observe: true })
    expect(decision).toMatchObject({ effect: 'DENY', code: 'POLICY_MISSING', snapshot: '', rules: [] })
  })
  test.each([Number.NaN, Number.POSITIVE_INFINITY])('a risk score of %s', (risk) => {
    expect(decideWith(rules(allowAll), { risk })).toMatchObject({ effect: 'DENY', code: 'POLICY_ERROR' })
  })
  test('an envelope that is not one', () => {
    const call = { ...envelope(), server: undefined } as unknown as ReturnType<typeof envelope>
    const decision = decide(call, snapshotOf(rules(allowAll)), { ...allFine, observe: true })
    expect(decision).toMatchObject({ effect: 'DENY', code: 'POLICY_ERROR', errors: [{ rule: '*' }] })
  })
  test('goes before line 2 and is not relaxed by observe mode', () => {
    const decision = decideWith(
      rules(`id: broken, ${all}, decision: ALLOW, ${failing}`),
      {},
      { stopped: true, observe: true },
    )
    expect(decision.code).toBe('POLICY_ERROR')
  })
})

describe('line 2: states that stop a call whatever the rules say', () => {
  test.each([
    ['STOPPED', { stopped: true, registered: false, tool: 'held' }],
    ['SERVER_UNKNOWN', { registered: false, tool: 'held' }],
    ['TOOL_UNKNOWN', { tool: 'unknown' }],
    ['TOOL_CHANGED', { tool: 'held' }],
    ['TOOL_NOT_REVIEWED', { tool: 'unreviewed' }],
  ] as const)('%s', (code, facts) => {
    for (const observe of [false, true]) {
      expect(decideWith(rules(denyAll), {}, { ...facts, observe })).toMatchObject({ effect: 'DENY', code, rules: [] })
    }
  })
})

test('line 2: a scope that the token lacks, after what is wrong with the server and the tool, in observe mode too', () => {
  for (const observe of [false, true]) {
    expect(decideWith(rules(allowAll, denyAll), {}, { missingScopes: ['files.write', 'x'], observe })).toMatchObject({
      effect: 'DENY',
      code: 'SCOPE_MISSING',
      reason: 'the token of this client lacks a scope that this call needs: `files.write`, `x`',
      rules: [],
    })
    expect(decideWith(rules(allowAll), {}, { missingScopes: ['x'], tool: 'held', observe }).code).toBe('TOOL_CHANGED')
  }
})

describe('line 3: any matching DENY', () => {
  test('wins over every other rule, whatever the order and priority', () => {
    const others = [`${allowAll}, priority: 100`, `id: ask, ${all}, decision: REQUIRE_APPROVAL, level: 5, priority: 99`]
    for (const lines of [
      [...others, denyAll],
      [denyAll, ...others],
    ]) {
      expect(decideWith(rules(...lines))).toMatchObject({
        effect: 'DENY',
        code: 'POLICY_DENIED',
        reason: 'rule `deny-all` denies this call',
        rules: [{ id: 'deny-all' }],
      })
    }
  })
  test('of the organisation is named first and said to be theirs', () => {
    const snapshot = snapshotOfFiles([
      { path: 'a.yaml', origin: 'local', text: rules(allowAll, `id: mine, ${all}, decision: DENY`) },
      { path: 'z.yaml', origin: 'org', text: rules(`id: theirs, ${all}, decision: DENY, reason: no shells`) },
    ])
    const decision = decide(envelope(), snapshot, { ...allFine, observe: true })
    expect(decision).toMatchObject({
      effect: 'DENY',
      code: 'POLICY_DENIED',
      reason: 'locked by your organisation: rule theirs: no shells',
      rules: [{ id: 'theirs' }, { id: 'mine' }],
    })
  })
  test('goes before line 4', () => {
    expect(decideWith(rules(denyAll), {}, { unbound: 'mcp.empty' }).code).toBe('POLICY_DENIED')
  })
})

test('line 4: the access policies of the client must include the tool', () => {
  expect(decideWith(rules(allowAll), {}, { unbound: 'mcp.empty' })).toMatchObject({
    effect: 'DENY',
    code: 'ACCESS_DENIED',
    rules: [],
    matched: ['allow-all'],
  })
})

describe('line 5: the strictest matching rule', () => {
  const constrained = `id: bounded, ${all}, decision: ALLOW_WITH_CONSTRAINTS, constraints: { max_runtime_sec: 30 }`
  const ask = (level: number, more = '') =>
    `id: ask-${level}, ${all}, decision: REQUIRE_APPROVAL, level: ${level}${more}`

  test('asking goes before allowing, and the highest level is asked', () => {
    const decision = decideWith(rules(ask(2), allowAll, ask(4), constrained))
    expect(decision).toMatchObject({
      effect: 'REQUIRE_APPROVAL',
      approval_level: 4,
      rules: [{ id: 'ask-4' }],
      matched: ['ask-2', 'allow-all', 'ask-4', 'bounded'],
    })
  })
  test('constraints go before none', () => {
    expect(decideWith(rules(allowAll, constrained))).toMatchObject({
      effect: 'ALLOW_WITH_CONSTRAINTS',
      rules: [{ id: 'bounded' }],
      constraints: { max_runtime_sec: 30 },
    })
  })
  test('what is approved runs under the constraints of all matching rules, the tightest of each', () => {
    const decision = decideWith(
      rules(
        ask(1, ', constraints: { max_runtime_sec: 60, max_retries: 1 }'),
        constrained,
        `id: net-1, ${all}, decision: ALLOW_WITH_CONSTRAINTS, constraints: { network_allowlist: [a.example, b.example] }`,
        `id: net-2, ${all}, decision: ALLOW, constraints: { network_allowlist: [B.example, c.example], max_retries: 3 }`,
      ),
    )
    expect(decision).toMatchObject({
      effect: 'REQUIRE_APPROVAL',
      constraints: { max_runtime_sec: 30, max_retries: 1, network_allowlist: ['b.example'] },
    })
  })
  test('an ALLOW rule with constraints is decided as such', () => {
    const decision = decideWith(rules(`${allowAll}, constraints: { max_retries: 0 }`))
    expect(decision).toMatchObject({ effect: 'ALLOW_WITH_CONSTRAINTS', constraints: { max_retries: 0 } })
  })

  const network = (id: string, hosts: string) =>
    `id: ${id}, ${all}, decision: ALLOW_WITH_CONSTRAINTS, constraints: { network_allowlist: ${hosts} }`
  test('lists that share nothing deny', () => {
    expect(decideWith(rules(network('x', '[a.example]'), network('y', '[b.example]')))).toMatchObject({
      effect: 'DENY',
      code: 'CONSTRAINT_CONFLICT',
      rules: [{ id: 'x' }, { id: 'y' }],
      constraints: {},
    })
    expect(decideWith(rules(network('x', '[a.example]'), network('y', '[]'))).code).toBe('CONSTRAINT_CONFLICT')
  })
  test('lists that agree on nothing mean no network', () => {
    expect(decideWith(rules(network('x', '[]'), network('y', '[]')))).toMatchObject({
      effect: 'ALLOW_WITH_CONSTRAINTS',
      constraints: { network_allowlist: [] },
    })
  })
  test.each(['ALLOW_WITH_CONSTRAINTS', 'REQUIRE_APPROVAL'])(
    'a constraint that cannot be enforced denies %s',
    (effect) => {
      const text = rules(`id: net, ${all}, decision: ${effect}, constraints: { network_allowlist: [a.example] }`)
      const decision = decideWith(text, {}, { enforceable: new Set(['max_runtime_sec', 'max_retries']) })
      expect(decision).toMatchObject({ effect: 'DENY', code: 'CONSTRAINT_UNENFORCEABLE', rules: [{ id: 'net' }] })
      expect(decision.reason).toContain('`network_allowlist`, set by `net`')
    },
  )
})

describe('line 6: the floor', () => {
  test.each([
    [70, 'ALLOW', null],
    [71, 'REQUIRE_APPROVAL', 3],
  ])('a score of %i makes an allowed call %s', (risk, effect, approval_level) => {
    expect(decideWith(rules(allowAll), { risk })).toMatchObject({
      effect,
      approval_level,
      rules: [{ id: 'allow-all' }],
    })
  })
  test('raises a lower level and keeps a higher one', () => {
    const ask = (level: number) => rules(`id: ask, ${all}, decision: REQUIRE_APPROVAL, level: ${level}`)
    expect(decideWith(ask(1), { risk: 80 }).approval_level).toBe(3)
    expect(decideWith(ask(5), { risk: 80 }).approval_level).toBe(5)
  })
  test('keeps the constraints', () => {
    const text = rules(`id: b, ${all}, decision: ALLOW_WITH_CONSTRAINTS, constraints: { max_runtime_sec: 9 }`)
    expect(decideWith(text, { risk: 80 })).toMatchObject({
      effect: 'REQUIRE_APPROVAL',
      constraints: { max_runtime_sec: 9 },
    })
  })
  test('is lifted by a deciding rule that accepts the risk, and by no other', () => {
    expect(decideWith(rules(`${allowAll}, accept_risk: 80`), { risk: 80 }).effect).toBe('ALLOW')
    expect(decideWith(rules(`${allowAll}, accept_risk: 79`), { risk: 80 }).effect).toBe('REQUIRE_APPROVAL')
    const ask = `id: ask, ${all}, decision: REQUIRE_APPROVAL`
    expect(decideWith(rules(ask, `${allowAll}, accept_risk: 100`), { risk: 80 }).approval_level).toBe(3)
    expect(decideWith(rules(`${ask}, accept_risk: 100`, allowAll), { risk: 80 }).approval_level).toBe(1)
  })
  test('is not lifted by a local rule where the organisation decides too', () => {
    const snapshot = snapshotOfFiles([
      { path: 'a.yaml', origin: 'local', text: rules(`id: mine, ${all}, decision: ALLOW, accept_risk: 100`) },
      { path: 'b.yaml', origin: 'org', text: rules(`id: theirs, ${all}, decision: ALLOW`) },
    ])
    expect(decide(envelope({ risk: 80 }), snapshot, allFine).approval_level).toBe(3)
  })
})

describe('line 6: a call across tenants', () => {
  const across = { foreignTenants: ['acme'] }
  const bounded = `id: b, ${all}, decision: ALLOW_WITH_CONSTRAINTS, constraints: { max_retries: 0 }`
  const asks = (approval_level: number) => ({ effect: 'REQUIRE_APPROVAL', approval_level, code: null })
  test('asks at level 2, and no accepted risk lifts that', () => {
    const decision = decideWith(rules(`${allowAll}, accept_risk: 100`), { risk: 90 }, across)
    expect(decision).toMatchObject({ ...asks(2), rules: [{ id: 'allow-all' }] })
    expect(decision.reason).toContain('it touches data of `acme`, for whom its client does not work')
  })
  test('keeps a higher level, a denial, and the constraints', () => {
    expect(decideWith(rules(`id: a, ${all}, decision: REQUIRE_APPROVAL, level: 4`), {}, across)).toMatchObject(asks(4))
    expect(decideWith(rules(`id: a, ${all}, decision: REQUIRE_APPROVAL`), {}, across)).toMatchObject(asks(2))
    expect(decideWith(rules(denyAll), {}, across)).toMatchObject({ effect: 'DENY', code: 'POLICY_DENIED' })
    expect(decideWith(rules(bounded), {}, across)).toMatchObject({ ...asks(2), constraints: { max_retries: 0 } })
  })
  test('asks in observe mode too', () => {
    expect(decideWith(rules(allowAll), {}, { ...across, observe: true })).toMatchObject({ ...asks(2), observed: null })
  })
})

describe('line 7: no rule matches', () => {
  const elsewhere = rules('id: other, match: { labels: { mcp.server: elsewhere } }, decision: ALLOW')
  test('denies by default', () => {
    expect(decideWith(elsewhere)).toMatchObject({ effect: 'DENY', code: 'NO_RULE', rules: [], matched: [] })
  })
  test('`default: by_risk` follows the score and the trust in the server', () => {
    const text = `default: by_risk\n${elsewhere}`
    expect(decideWith(text, { risk: 15 }).effect).toBe('ALLOW')
    // Seed 003's example of an evaluation: a write on a restricted server, score 65, asks at level 2.
    expect(decideWith(text, { risk: 65, action: 'write', tool: 'write_file' })).toMatchObject({
      effect: 'REQUIRE_APPROVAL',
      approval_level: 2,
    })
    expect(decideWith(text, { risk: 71 })).toMatchObject({ effect: 'DENY', code: 'NO_RULE' })
    expect(decideWith(text, { risk: 0, trust: 'sandbox' })).toMatchObject({ effect: 'DENY', code: 'NO_RULE' })
  })
  test('one file that says `deny` outweighs one that says `by_risk`', () => {
    const rule = (id: string) => `rules: [{ id: ${id}, match: { labels: { mcp.server: elsewhere } }, decision: ALLOW }]`
    const snapshot = snapshotOfFiles([
      { path: 'a.yaml', origin: 'local', text: `version: v1\ndefault: by_risk\n${rule('a')}` },
      { path: 'b.yaml', origin: 'org', text: `version: v1\ndefault: deny\n${rule('b')}` },
    ])
    expect(decide(envelope(), snapshot, allFine).code).toBe('NO_RULE')
  })
})

describe('observe mode relaxes lines 4–7 only', () => {
  const bounded = `id: b, ${all}, decision: ALLOW_WITH_CONSTRAINTS, constraints: { max_retries: 0 }`
  test.each([
    ['line 4', rules(allowAll), { unbound: 'mcp.empty' }, {}, 'DENY'],
    ['line 5', rules(`id: ask, ${all}, decision: REQUIRE_APPROVAL`), {}, {}, 'REQUIRE_APPROVAL'],
    ['line 5, constraints', rules(bounded), {}, {}, 'ALLOW_WITH_CONSTRAINTS'],
    ['line 6', rules(allowAll), {}, { risk: 90 }, 'REQUIRE_APPROVAL'],
    ['line 7', rules('id: o, match: { labels: { mcp.server: other } }, decision: ALLOW'), {}, {}, 'DENY'],
  ] as const)('%s', (_, text, facts, parts, would) => {
    expect(decideWith(text, parts, { ...facts, observe: true })).toMatchObject({
      effect: 'ALLOW',
      code: null,
      observed: would,
      constraints: {},
      approval_level: null,
    })
  })
  test('a call that is allowed anyway was not relaxed', () => {
    expect(decideWith(rules(allowAll), {}, { observe: true })).toMatchObject({ effect: 'ALLOW', observed: null })
  })
})
