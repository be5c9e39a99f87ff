import { expect, test } from 'vitest'
import type { Constraints } from '../../../shared/constraints.ts'
import { type Decision, effects } from '../../../shared/decision.ts'
import type { ApprovalNeeds, LevelChange } from '../../../src-main/core/policy/approval-needs.ts'
import { compareSnapshots } from '../../../src-main/core/policy/compare.ts'
import { decide } from '../../../src-main/core/policy/precedence.ts'
import type { PolicyFile } from '../../../src-main/core/policy/rule.ts'
import { type Answerer, whyTooFew } from '../../../src-main/core/policy/who-answers.ts'
import { allFine, envelope, snapshotOfFiles } from './call.ts'

/**
 * The promise of `compareSnapshots`: when it says that nothing loosens, no call is decided less strictly. Random small
 * changes to random small policies, from a fixed seed, each tried on every kind of call that the rules can tell apart.
 */
type Spec = {
  id: string
  org: boolean
  server: string
  when: string | null
  effect: string
  level: number
  accept: number | null
  runtime: number | null
  hosts: string | null
}
/** What a file says of one level, and whose it is. */
type Said = { org: boolean; level: number; needs: string }
type Policy = { rules: Spec[]; approvals: Said[]; byRisk: boolean }

function randomFrom(seed: number) {
  let state = seed
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  return <T>(...choices: T[]): T => choices[Math.floor(next() * choices.length)] as T
}
type Pick = ReturnType<typeof randomFrom>

const fields: Record<string, (pick: Pick) => Partial<Spec>> = {
  org: (pick) => ({ org: pick(true, false, false) }),
  server: (pick) => ({ server: pick('a', '"*"') }),
  when: (pick) => ({ when: pick(null, null, 'args.n == 1', 'args.absent == 1') }),
  effect: (pick) => ({ effect: pick('ALLOW', ...effects) }),
  level: (pick) => ({ level: pick(1, 2, 4) }),
  accept: (pick) => ({ accept: pick(null, null, 75, 90) }),
  runtime: (pick) => ({ runtime: pick(null, null, null, 5, 10) }),
  hosts: (pick) => ({ hosts: pick(null, null, null, '[]', '[]', '[x]', '[x, y]') }),
}

function randomRule(pick: Pick, id: string): Spec {
  return Object.assign({ id }, ...Object.values(fields).map((field) => field(pick)))
}

function randomSaid(pick: Pick): Said {
  const needs = ['answers: 1', 'answers: 2', 'groups: [a]', 'groups: [a, b]', 'own: false', 'groups: [b], answers: 2']
  return { org: pick(true, false, false), level: pick(1, 2, 3, 4), needs: pick(...needs) }
}

function randomPolicy(pick: Pick): Policy {
  const count = pick(1, 2, 3, 4)
  return {
    rules: Array.from({ length: count }, (_, i) => randomRule(pick, `r${i}`)),
    approvals: Array.from({ length: pick(0, 0, 1, 2, 3) }, () => randomSaid(pick)),
    byRisk: pick(true, false, false),
  }
}

/** One or two slips of a pen. */
function changed(pick: Pick, policy: Policy): Policy {
  const copy: Policy = structuredClone(policy)
  for (let i = pick(1, 1, 2); i > 0; i--) {
    const spec = pick(...copy.rules)
    const kind = pick('add', 'remove', 'remove', 'edit', 'edit', 'edit', 'edit', 'edit', 'default', 'say')
    if (kind === 'add') copy.rules.push(randomRule(pick, `new${i}`))
    else if (kind === 'remove') copy.rules = copy.rules.filter((rule) => rule !== spec)
    else if (kind === 'default') copy.byRisk = !copy.byRisk
    else if (kind === 'say') copy.approvals = [...copy.approvals.slice(pick(0, 1)), ...pick([], [randomSaid(pick)])]
    else if (spec) Object.assign(spec, fields[pick(...Object.keys(fields))]?.(pick))
    if (copy.rules.length === 0) copy.rules.push({ ...randomRule(pick, 'last'), effect: 'DENY' })
  }
  return copy
}

function toFiles(policy: Policy): PolicyFile[] {
  const top = policy.byRisk ? 'default: by_risk\n' : ''
  return (['local', 'org'] as const).flatMap((origin) => {
    const own = policy.rules.filter((rule) => rule.org === (origin === 'org'))
    if (own.length === 0) return []
    const said = policy.approvals.filter((each) => each.org === (origin === 'org'))
    const levels = said.map(({ level, needs }) => `  - { level: ${level}, ${needs} }\n`).join('')
    const approvals = levels === '' ? '' : `approvals:\n${levels}`
    const text = `version: v1\n${top}${approvals}rules:\n${own.map(toYaml).join('')}`
    return [{ path: `${origin}.yaml`, origin, text }]
  })
}

function toYaml(spec: Spec): string {
  const bounds = [spec.runtime && `max_runtime_sec: ${spec.runtime}`, spec.hosts && `network_allowlist: ${spec.hosts}`]
  const constraints = spec.effect === 'ALLOW_WITH_CONSTRAINTS' && !bounds.some(Boolean) ? ['max_retries: 3'] : bounds
  const parts = [
    `id: ${spec.id}, match: { labels: { mcp.server: ${spec.server} } }, decision: ${spec.effect}`,
    spec.when && `when: ${spec.when}`,
    spec.effect === 'REQUIRE_APPROVAL' && `level: ${spec.level}`,
    spec.effect !== 'DENY' && spec.accept && `accept_risk: ${spec.accept}`,
    spec.effect !== 'DENY' && constraints.some(Boolean) && `constraints: { ${constraints.filter(Boolean).join(', ')} }`,
  ]
  return `  - { ${parts.filter(Boolean).join(', ')} }\n`
}

/** Whether `after` lets through no more than `before`: not by effect or level, not by fewer people's yes, and not by looser bounds. */
function atLeastAsStrict(before: Decision, after: Decision, levels: LevelChange): boolean {
  const rank = ({ effect, approval_level }: Decision) =>
    (effect === 'ALLOW_WITH_CONSTRAINTS' ? 0 : effects.indexOf(effect)) * 10 + (approval_level ?? 0)
  if (after.effect === 'DENY') return true
  if (rank(after) < rank(before) || !boundsAtLeastAsTight(before.constraints, after.constraints)) return false
  const [was, is] = [before.approval_level, after.approval_level]
  return was === null || (is !== null && takesNoLess(levels.before[was - 1], levels.after[is - 1]))
}

/** People in every way in which a level tells them apart, one by one and two together: no level here takes three. */
const people = [[], ['a'], ['b'], ['a', 'b']].flatMap((groups) =>
  [true, false].map((asks): Answerer => ({ groups, asks, auditor: false })),
)
const crowds = people.flatMap((one, at) => [[one], ...people.slice(at).map((two) => [one, two])])

/** Whether every crowd that is enough for one level is enough for the other, by what each person may. */
function takesNoLess(was: ApprovalNeeds | undefined, is: ApprovalNeeds | undefined): boolean {
  if (!was || !is) return false
  return crowds.every((crowd) => whyTooFew(is, 1, crowd) !== null || whyTooFew(was, 1, crowd) === null)
}

function boundsAtLeastAsTight(before: Constraints, after: Constraints): boolean {
  const number = (key: 'max_runtime_sec' | 'max_retries') => (after[key] ?? Infinity) <= (before[key] ?? Infinity)
  const [was, is] = [before.network_allowlist, after.network_allowlist]
  const list = was === undefined || is?.every((host) => was.includes(host)) === true
  return number('max_runtime_sec') && number('max_retries') && list
}

const calls = ['a', 'b'].flatMap((server) =>
  ['trusted', 'restricted', 'sandbox'].flatMap((trust) =>
    [10, 40, 60, 75, 80, 95].flatMap((risk) =>
      [1, 2].map((n) => envelope({ server, trust: trust as 'trusted', risk, args: { n } })),
    ),
  ),
)

test('a change that loosens nothing decides no call less strictly', { timeout: 240_000 }, () => {
  const pick = randomFrom(20_260_101)
  let proven = 0
  for (let round = 0; round < 8_000; round++) {
    const policy = randomPolicy(pick)
    const [before, after] = [policy, changed(pick, policy)].map((each) => snapshotOfFiles(toFiles(each)))
    if (!before || !after || compareSnapshots(before, after).loosens.length > 0) continue
    proven++
    const levels = { before: before.approvals, after: after.approvals }
    for (const call of calls) {
      const was = decide(call, before, allFine)
      const is = decide(call, after, allFine)
      if (!atLeastAsStrict(was, is, levels)) expect.fail(explain(before.files, after.files, was, is))
    }
  }
  expect(proven).toBeGreaterThan(1_000)
})

function explain(before: readonly PolicyFile[], after: readonly PolicyFile[], was: Decision, is: Decision): string {
  const text = (files: readonly PolicyFile[]) => files.map((file) => `${file.path}\n${file.text}`).join('')
  return `loosened unseen\n${text(before)}\n=>\n${text(after)}\n${was.reason}\n=>\n${is.reason}`
}
