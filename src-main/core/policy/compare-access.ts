import { actions, classifications } from '../../../shared/envelope.ts'
import type { Access, AccessPolicy, Selection } from './access.ts'
import { isEmpty } from './access.ts'
import type { Comparison } from './compare.ts'
import { describeAccess } from './describe.ts'
import type { Snapshot } from './snapshot.ts'

/**
 * Adds what changed in who may use which tools: one sentence for each access policy, each binding, and the roles of the user. Whom a
 * binding is for decides whether it narrows or widens, and that shows only when the client comes; so a new one counts as
 * loosening unless it allows nothing, and so does one that is gone. Except where another of the same side binds the very same client or
 * role, for the same tenant or always, and blocks all that the gone one blocked: what one of them allows is allowed, so with fewer there is
 * less, and what any of them blocks is blocked.
 */
export function compareAccess(before: Snapshot, after: Snapshot, result: Comparison): void {
  if (before.roles.join() !== after.roles.join()) {
    const words = (roles: readonly string[]) => (roles.length > 0 ? `the roles ${roles.join(', ')}` : 'no role')
    result.loosens.push(`the user has ${words(after.roles)} where it had ${words(before.roles)}`)
  }
  const old = new Map(before.access.policies.map((policy) => [policy.id, policy]))
  for (const policy of after.access.policies) {
    const earlier = old.get(policy.id)
    if (earlier) comparePolicy(earlier, policy, result)
  }
  compareBindings(before.access, after.access, result)
}

function comparePolicy(before: AccessPolicy, after: AccessPolicy, result: Comparison): void {
  const [was, is] = [describeAccess(before), describeAccess(after)]
  // An organisation's policy that becomes local is also one that anybody can change from now on.
  if (was === is && before.origin === after.origin) return
  const sentence = `access policy \`${after.id}\` ${is} where it ${was}`
  if (isTighter(before, after)) result.tightens.push(sentence)
  else result.loosens.push(sentence)
}

function isTighter(before: AccessPolicy, after: AccessPolicy): boolean {
  const fewer = before.allowAll || (!after.allowAll && within(after.allow, before.allow))
  const lower =
    classifications.indexOf(after.maxClassification) <= classifications.indexOf(before.maxClassification) &&
    actions.indexOf(after.maxAction) <= actions.indexOf(before.maxAction)
  const kept = before.origin === after.origin && (after.archived || !before.archived)
  return fewer && lower && kept && within(before.block, after.block)
}

/** Whether all that `inner` picks by, `outer` picks by as well. */
function within(inner: Selection, outer: Selection): boolean {
  const every = (a: readonly string[], b: readonly string[]) => a.every((item) => b.includes(item))
  const patterns = ({ tools }: Selection) => tools.map((glob) => glob.pattern)
  return (
    every(patterns(inner), patterns(outer)) &&
    every(inner.modules, outer.modules) &&
    every(inner.tags, outer.tags) &&
    every(inner.prefixes, outer.prefixes)
  )
}

function compareBindings(before: Access, after: Access, result: Comparison): void {
  const [was, is] = [bindingsOf(before), bindingsOf(after)]
  for (const [words, { allows }] of is) {
    if (was.has(words)) continue
    if (allows) result.loosens.push(`${words} is new`)
    else result.tightens.push(`${words} is new`)
  }
  const others = [...is.values()]
  for (const [words, gone] of was) {
    if (is.has(words)) continue
    if (others.some((other) => holdsWherever(gone, other) && within(gone.block, other.block)))
      result.tightens.push(`${words} is gone`)
    else result.loosens.push(`${words} is gone`)
  }
}

/** Whom a binding binds on which side and for which tenant, what the policy that it is to blocks, and whether that allows anything. */
type Held = { holder: string; tenant: string | null; block: Selection; allows: boolean }

/** Whether one binding counts wherever another did. */
function holdsWherever(before: Held, { holder, tenant }: Held): boolean {
  return holder === before.holder && (tenant === null || tenant === before.tenant)
}

/** Each binding of one client or role, by what it is in words. */
function bindingsOf({ bindings }: Access): Map<string, Held> {
  const found = new Map<string, Held>()
  for (const { policy, origin, clients, roles, tenant } of bindings) {
    const whose = origin === 'org' ? ", the organisation's," : ''
    const only = tenant === null ? '' : ` for the tenant \`${tenant}\``
    const allows = !policy.archived && (policy.allowAll || !isEmpty(policy.allow))
    for (const [kind, names] of [['client', clients] as const, ['role', roles] as const]) {
      for (const name of names) {
        const holder = `${origin} ${kind} ${name}`
        const words = `the binding${whose} of ${kind} \`${name}\` to \`${policy.id}\`${only}`
        found.set(words, { holder, tenant, block: policy.block, allows })
      }
    }
  }
  return found
}
