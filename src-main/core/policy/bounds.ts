import type { Constraints, RateLimit } from '../../../shared/constraints.ts'

type Name = keyof Constraints
type Given<K extends Name> = NonNullable<Constraints[K]>

/** What one kind of bound means: how several hold at once, which of two is tighter, and how it reads. */
type Bound<V> = {
  /** As it is kept: without repetitions, in order; null when it bounds nothing. */
  normal: (value: V) => V | null
  /** Both at once; null when they exclude each other, and then nothing can run. */
  both: (a: V, b: V) => V | null
  /** Whether `after` lets through nothing that `before` did not, whatever else holds besides. */
  tighter: (after: V, before: V) => boolean
  words: (value: V) => string
}

/** Smallest number wins. */
const most = (words: (value: number) => string): Bound<number> => ({
  normal: (value) => value,
  both: Math.min,
  tighter: (after, before) => after <= before,
  words,
})

/**
 * Only what all lists share. Lists that share nothing exclude each other, unless every one is empty: then all agree on "none".
 * `within`: what of the first list lies in the second. A list that becomes empty is no proof of being tighter: together with
 * another empty one it means "none", where the two excluded each other before and the call was denied.
 */
const only = (within: (a: string[], b: string[]) => string[], words: (value: string[]) => string): Bound<string[]> => ({
  normal: sorted,
  both(a, b) {
    const shared = sorted([...within(a, b), ...within(b, a)])
    return shared.length === 0 && a.length + b.length > 0 ? null : shared
  },
  tighter: (after, before) =>
    within(after, before).length === after.length && (after.length > 0 || before.length === 0),
  words,
})

/** All that any list names. */
const union = (words: (value: string[]) => string): Bound<string[]> => ({
  normal: (value) => (value.length === 0 ? null : sorted(value)),
  both: (a, b) => sorted([...a, ...b]),
  tighter: (after, before) => before.every((name) => after.includes(name)),
  words,
})

/** It holds when one says so. */
const flag = (words: string): Bound<boolean> => ({
  normal: (value) => (value ? true : null),
  both: (a, b) => a || b,
  tighter: (after, before) => after || !before,
  words: () => words,
})

/** Of limits over the same time and for the same callers the smallest; all others hold beside each other. */
const rates: Bound<RateLimit[]> = {
  normal: (value) => (value.length === 0 ? null : tightest(value)),
  both: (a, b) => tightest([...a, ...b]),
  tighter: (after, before) =>
    before.every((old) => after.some((now) => sameRate(now, old) && now.max_calls <= old.max_calls)),
  words: (value) =>
    value.map(({ max_calls, per_sec, by }) => `${max_calls} calls in ${per_sec} s per ${by}`).join(', '),
}

/** Every bound there is. A bound without a line here does not compile. */
const bounds: { readonly [K in Name]-?: Bound<Given<K>> } = {
  max_runtime_sec: most((seconds) => `at most ${seconds} s`),
  max_retries: most((count) => `retries: ${count}`),
  rate_limit: rates,
  max_bytes: most((bytes) => `answers of at most ${bytes} bytes`),
  max_rows: most((rows) => `at most ${rows} rows`),
  network_allowlist: only(
    (a, b) => a.filter((host) => b.includes(host)),
    (hosts) => (hosts.length > 0 ? `network: only ${hosts.join(', ')}` : 'no network'),
  ),
  read_paths: only(foldersWithin, (folders) =>
    folders.length > 0 ? `reads only ${folders.join(', ')}` : 'reads no files',
  ),
  write_paths: only(foldersWithin, (folders) =>
    folders.length > 0 ? `writes only ${folders.join(', ')}` : 'writes no files',
  ),
  read_only: flag('only reads'),
  blocked_tables: union((tables) => `not the tables ${tables.join(', ')}`),
  require_where_clause: flag('SQL must say which rows'),
  mask_fields: union((fields) => `${fields.join(', ')} masked`),
}

/** The names of all bounds, in the order in which people read them. */
export const boundNames = Object.keys(bounds) as Name[]

/** The bound of one name, for code that goes over all of them. */
export function boundOf(name: Name): Bound<unknown> {
  return bounds[name] as unknown as Bound<unknown>
}

function sorted(values: readonly string[]): string[] {
  return [...new Set(values)].sort()
}

/** The folders that lie in one of `others`. */
function foldersWithin(folders: string[], others: string[]): string[] {
  return folders.filter((folder) =>
    others.some((other) => folder === other || folder.startsWith(other === '/' ? other : `${other}/`)),
  )
}

function sameRate(a: RateLimit, b: RateLimit): boolean {
  return a.per_sec === b.per_sec && a.by === b.by
}

function tightest(limits: readonly RateLimit[]): RateLimit[] {
  const found: RateLimit[] = []
  for (const { by, max_calls, per_sec } of limits) {
    const same = found.find((limit) => sameRate(limit, { by, max_calls, per_sec }))
    if (same) same.max_calls = Math.min(same.max_calls, max_calls)
    // Fields in the order in which they are recorded.
    else found.push({ by, max_calls, per_sec })
  }
  return found.sort((a, b) => a.by.localeCompare(b.by) || a.per_sec - b.per_sec)
}
