import type { Constraints } from '../../../../shared/constraints.ts'
import { boundOf } from '../../policy/bounds.ts'
import type { Rule } from '../../policy/rule.ts'
import type { Snapshot } from '../../policy/snapshot.ts'

/** The bounds that a sandbox enforces. */
export const sandboxBounds = ['network_allowlist', 'read_paths', 'write_paths'] as const satisfies (keyof Constraints)[]
export type SandboxBound = (typeof sandboxBounds)[number]

/** What a server process is held to from its start to its end; null: not bounded. */
export type SandboxPlan = {
  /** Hosts that it may reach while nothing is asked of it. */
  network: readonly string[] | null
  /** Every host that any rule about the server names. */
  named: readonly string[]
  /** Folders, absolute. */
  read: readonly string[] | null
  write: readonly string[] | null
}

/** Plans of one snapshot, by server: rules are many, and servers few. */
const known = new WeakMap<Snapshot, Map<string, SandboxPlan | null>>()

/**
 * What the rules in force make of a server's process; null when none of those that could be about it bounds its network or files.
 * INVARIANT: whatever it is asked, no call is held to less: a process gets what the lists of *all* these rules share, even if
 * they share nothing, because which of them match is only known call by call.
 */
export function planOf(server: string, snapshot: Snapshot | null): SandboxPlan | null {
  if (!snapshot) return null
  const plans = known.get(snapshot) ?? new Map<string, SandboxPlan | null>()
  known.set(snapshot, plans)
  const made = plans.get(server)
  if (made !== undefined) return made
  const plan = planFrom(snapshot.rules.filter((rule) => bounds(rule) && couldBeAbout(rule, server)))
  plans.set(server, plan)
  return plan
}

function planFrom(rules: readonly Rule[]): SandboxPlan | null {
  if (rules.length === 0) return null
  const lists = rules.flatMap(({ constraints }) => constraints.network_allowlist ?? [])
  return {
    network: shared(rules, 'network_allowlist'),
    named: [...new Set(lists)].sort(),
    read: shared(rules, 'read_paths'),
    write: shared(rules, 'write_paths'),
  }
}

/** A rule that denies lets no call through that could be bounded by it. */
function bounds({ effect, constraints }: Rule): boolean {
  return effect !== 'DENY' && sandboxBounds.some((bound) => constraints[bound] !== undefined)
}

function couldBeAbout({ match: { servers, serversNotIn } }: Rule, server: string): boolean {
  const named = servers === null || servers.some((glob) => glob.fits(server))
  return named && !serversNotIn?.some((glob) => glob.fits(server))
}

function shared(rules: readonly Rule[], bound: SandboxBound): string[] | null {
  const lists = rules.flatMap(({ constraints }) => (constraints[bound] === undefined ? [] : [constraints[bound]]))
  const [first, ...rest] = lists
  if (!first) return null
  const { both } = boundOf(bound)
  return rest.reduce((found, list) => (both(found, list) as string[] | null) ?? [], [...first].sort())
}

/** The first bound of a call to which a process of this plan would not be held; null when it is held to all. */
export function looserThan(plan: SandboxPlan | null, call: Constraints): SandboxBound | null {
  const { network_allowlist: hosts, read_paths: reads, write_paths: writes } = call
  // Which hosts is switched call by call; what counts is that there is a switch.
  if (hosts !== undefined && (plan?.network ?? null) === null) return 'network_allowlist'
  if (reads !== undefined && !plan?.read?.every((folder) => liesInAny(folder, reads))) return 'read_paths'
  if (writes !== undefined && !plan?.write?.every((folder) => liesInAny(folder, writes))) return 'write_paths'
  return null
}

/** Whether a path is one of these folders or lies in one. Both are absolute, without `..` and without a slash at their end. */
export function liesInAny(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => path === folder || path.startsWith(folder === '/' ? folder : `${folder}/`))
}

/** A plan as people read it: `network: only api.github.com; writes no files`. */
export function planWords({ network, read, write }: SandboxPlan): string {
  const given = { network_allowlist: network, read_paths: read, write_paths: write }
  return sandboxBounds
    .flatMap((bound) => (given[bound] === null ? [] : [boundOf(bound).words(given[bound])]))
    .join('; ')
}
