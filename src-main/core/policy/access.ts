import type { RuleRef } from '../../../shared/decision.ts'
import { type Action, actions, type Classification, classifications, type Envelope } from '../../../shared/envelope.ts'
import type { Kind } from '../../../shared/traffic.ts'
import type { Glob } from './glob.ts'
import { quote } from './quote.ts'
import { fullNamesOf } from './rule-index.ts'

/** Tools picked by full name, by the module of their review, by tag, or by how a full name begins. */
export type Selection = {
  tools: readonly Glob[]
  modules: readonly string[]
  tags: readonly string[]
  prefixes: readonly string[]
}

/** Which tools a client or a role group may use at all (seed 000, "tool policies"); rules say how. */
export type AccessPolicy = {
  id: string
  origin: RuleRef['origin'] | 'built_in'
  file: string
  line: number
  /** Everything, but for what is blocked and what lies above the ceilings; else only what `allow` picks. */
  allowAll: boolean
  allow: Selection
  block: Selection
  maxClassification: Classification
  maxAction: Action
  /** Kept for the record and allows nothing. */
  archived: boolean
  description: string | null
}

/**
 * To whom an access policy applies: clients by id, those of this machine also by name, and users by their role groups. `tenant`: only while
 * the client works for it; null: always.
 */
export type Binding = {
  policy: AccessPolicy
  origin: RuleRef['origin']
  file: string
  clients: readonly string[]
  roles: readonly string[]
  tenant: string | null
}

const nothing: Selection = { tools: [], modules: [], tags: [], prefixes: [] }

/** An access policy that selects nothing; what a file or a built-in says is put over it. */
export const emptyAccess: AccessPolicy = {
  ...{ id: '', origin: 'built_in', file: '', line: 0, allowAll: false, allow: nothing, block: nothing },
  ...{ maxClassification: 'restricted', maxAction: 'destructive', archived: false, description: null },
}

/** The access policies that are always there, and that no file can change or remove. */
export const builtInAccess = {
  /** What OAuth clients have until somebody binds them. */
  'mcp.empty': { ...emptyAccess, id: 'mcp.empty', description: 'nothing' },
  'mcp.full_internal': { ...emptyAccess, id: 'mcp.full_internal', allowAll: true, description: 'everything' },
  'mcp.read_only': {
    ...emptyAccess,
    ...{ id: 'mcp.read_only', allowAll: true, maxAction: 'read', description: 'whatever was reviewed as `read`' },
  },
  /** What clients of this machine have until somebody binds them or their user. */
  'local.default': {
    ...emptyAccess,
    ...{ id: 'local.default', allowAll: true, description: 'the reviewed tools of approved servers' },
  },
} as const satisfies Record<string, AccessPolicy>
export type BuiltInAccess = keyof typeof builtInAccess

/** What all files say about access together. */
export type Access = { policies: readonly AccessPolicy[]; bindings: readonly Binding[] }

/**
 * Why the access policies do not let a client ask for something, or null when they do. `unbound` is what holds for a client that
 * nothing binds; `mcp.empty` marks a client of somebody else, which needs a binding of its own, whatever roles its user has.
 *
 * 1. Bindings of the client and bindings of its user's roles, of the organisation and of this machine, are up to four sides.
 *    One that names a tenant counts only while the client works for it. Each side that binds anything must allow, so that none can give what another withholds.
 * 2. A side allows what any one of its access policies allows, within that policy's own ceilings.
 * 3. What any bound access policy blocks is blocked.
 * 4. Nothing is bound: `unbound` decides.
 */
export function accessDenial(envelope: Envelope, access: Access, unbound: BuiltInAccess): string | null {
  const bound = boundAccess(envelope, access, unbound)
  const follows = following.has(envelope.call.kind)
  const blocking = follows ? undefined : bound.flat().find(({ block }) => picks(block, envelope))
  if (blocking) return `the access policy ${quote(blocking.id)} blocks it`
  for (const side of bound) {
    const lacks = side.map((policy) => lack(policy, envelope, follows))
    if (lacks.includes(null)) continue
    return side.map((policy, index) => `the access policy ${quote(policy.id)} ${lacks[index]}`).join('; ')
  }
  return null
}

/** Who asks. */
type Who = Pick<Envelope, 'client' | 'user' | 'tenant'>

/** The access policies that hold for a client and its user: each side that binds any, or, where nothing is bound, `unbound` alone. */
export function boundAccess(who: Who, access: Access, unbound: BuiltInAccess): AccessPolicy[][] {
  const sides = sidesOf(who, access, unbound === 'local.default')
  return sides.length > 0 ? sides : [[builtInAccess[unbound]]]
}

/**
 * Requests that follow from a call that was let through: they are decided by rules, and access asks no more than that their client
 * may call anything at all.
 */
const following: ReadonlySet<Kind> = new Set<Kind>(['task', 'sampling', 'elicitation', 'roots'])

function sidesOf(who: Who, { bindings }: Access, local: boolean): AccessPolicy[][] {
  const { client, user } = who
  const bound = (origin: RuleRef['origin'], fits: (binding: Binding) => boolean) =>
    bindings.filter((each) => each.origin === origin && fits(each) && holdsFor(each, who)).map(({ policy }) => policy)
  const sides = (fits: (binding: Binding) => boolean) =>
    [bound('org', fits), bound('local', fits)].filter((side) => side.length > 0)
  // Clients of others choose their names, so that only their ids say who they are.
  const names = local ? [client.id, client.name] : [client.id]
  const ofClient = sides(({ clients }) => names.some((name) => clients.includes(name)))
  // INVARIANT: what a user may do gives nothing to somebody else's client; it only narrows what that has.
  if (ofClient.length === 0 && !local) return []
  return [...ofClient, ...sides(({ roles }) => roles.some((role) => user.roles.includes(role)))]
}

/** Whether a binding counts for whom a client works now. That is only read where a binding asks: of old records it is not known. */
export function holdsFor({ tenant }: Binding, who: Pick<Who, 'tenant'>): boolean {
  return tenant === null || tenant === who.tenant.client
}

/** What an access policy lacks to allow this, or null. */
function lack(policy: AccessPolicy, envelope: Envelope, follows: boolean): string | null {
  const { tool, call } = envelope
  if (policy.archived) return 'is archived, and allows nothing'
  if (!policy.allowAll && isEmpty(policy.allow)) return 'allows nothing'
  if (follows) return null
  if (!policy.allowAll && call.kind !== 'tool') return 'lists tools only'
  if (!policy.allowAll && !picks(policy.allow, envelope)) return 'does not list this tool'
  if (classifications.indexOf(tool.classification) > classifications.indexOf(policy.maxClassification)) {
    return `goes up to classification ${quote(policy.maxClassification)}, and this is ${quote(tool.classification)}`
  }
  if (actions.indexOf(tool.action) > actions.indexOf(policy.maxAction)) {
    return `goes up to the action ${quote(policy.maxAction)}, and this is ${quote(tool.action)}`
  }
  return null
}

function picks({ tools, modules, tags, prefixes }: Selection, { server, tool }: Envelope): boolean {
  const { name, namespace, verb } = tool
  const names = fullNamesOf({ server: server.name, tool: name, namespace, verb })
  return (
    names.some((each) => tools.some((glob) => glob.fits(each)) || prefixes.some((prefix) => each.startsWith(prefix))) ||
    (modules.length > 0 && modules.includes(tool.module)) ||
    tags.some((tag) => tool.tags.includes(tag))
  )
}

/** True when nothing can be picked. */
export function isEmpty({ tools, modules, tags, prefixes }: Selection): boolean {
  return tools.length + modules.length + tags.length + prefixes.length === 0
}
