import type { Clock } from '../ports.ts'
import type { GrantRow, GrantsTable } from '../store/registry-tables.ts'

/** How long a late yes is worth a run (contracts.md, bindings). */
const lifetimeMs = 10 * 60_000

/** Single-use grants that were given after their caller had left; each is used up by the call that it settles. */
export type LateGrants = {
  /** Keeps a grant from now on. */
  add: (grant: Omit<GrantRow, 'expires_at'>) => void
  /** A grant for exactly this call, at this level at least. */
  find: (binding: string, level: number) => GrantRow | null
  /** True when the grant was still there; whoever gets true may run the call once. */
  consume: (id: string) => boolean
}

/**
 * Bounds each grant by the wall clock, which goes on while the machine or Toolgate is off, and by the monotonic clock: a wall
 * clock that is put back must not bring back what had run out. Grants of an earlier run count from the start of this one.
 */
export function lateGrants(table: GrantsTable, clock: Clock): LateGrants {
  const started = clock.monotonic()
  const given = new Map<string, number>()
  table.prune(clock.now())
  const lives = (id: string) => clock.monotonic() - (given.get(id) ?? started) < lifetimeMs
  return {
    add(grant) {
      table.add({ ...grant, expires_at: clock.now() + lifetimeMs })
      given.set(grant.id, clock.monotonic())
    },
    find(binding, level) {
      const found = table.find(binding, level, clock.now())
      return found.find(({ id }) => lives(id)) ?? null
    },
    consume: (id) => lives(id) && table.consume(id, clock.now()),
  }
}
