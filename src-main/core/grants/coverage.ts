import type { GrantBound, GrantCoverage } from '../../../shared/approval.ts'
import { realPath } from '../envelope/links.ts'
import type { AskedTrace } from '../replay/picture.ts'
import type { AskedCall } from './asked-call.ts'
import { liesIn } from './covers.ts'
import type { Offer } from './offers.ts'
import type { GrantSubject } from './subject.ts'
import type { Tracer } from './trace.ts'

/** Whether a grant would have covered a call; null where the record does not tell. */
export type Covered = boolean | null

/**
 * Tells for a call that is asked at `level` which earlier calls an offer would have covered, had it been given before them: as
 * `Grants.find` decides, from what the record and the digests beside it say. Links are followed once for each path.
 */
export function coverageOf(call: GrantSubject, level: number, tracer: Tracer) {
  const real = new Map<string, string>()
  const follow = (path: string): string => {
    const known = real.get(path) ?? realPath(path)
    real.set(path, known)
    return known
  }

  function covers(offer: Pick<Offer, 'scope' | 'bounds'>, past: AskedCall): Covered {
    const ofTool = past.tool === call.tool && past.fingerprint === call.fingerprint
    const sameClient = past.client.id === call.client.id && past.client.tenant === call.client.tenant
    const same = sameClient && past.server === call.server && past.level <= level
    if (!same || (offer.scope === 'server' ? past.action !== 'read' : !ofTool)) return false
    const { trace } = past
    if (!trace) return null
    if (offer.scope === 'call') return trace.call === tracer.call(call.callHash)
    if (!trace.plain) return false
    return offer.scope === 'bounded' ? withinDigests(offer.bounds, past, trace) : true
  }

  /** What `withinBounds` decides of the call itself, of its digests. */
  function withinDigests(bounds: readonly GrantBound[], past: AskedCall, { leaves }: AskedTrace): boolean {
    if (!leaves) return false
    const left = new Map(bounds.map((bound) => [tracer.place(bound.at), bound]))
    const exact = new Set<string>()
    for (const leaf of leaves) {
      const bound = left.get(leaf.at)
      if (!bound) {
        if (!leaf.free) return false
        continue
      }
      const named = (leaf.paths ?? []).map((at) => past.paths[at])
      if (!leafHolds(bound, leaf, named)) return false
      if (bound.is === 'equals') for (const path of named) if (path !== undefined) exact.add(path)
      left.delete(leaf.at)
    }
    const folders = bounds.flatMap(({ is, value }) => (is === 'under' ? [value] : []))
    const hosts = new Set(bounds.flatMap(({ is, value }) => (is === 'host' ? [value.replace(/:\d+$/, '')] : [])))
    return (
      left.size === 0 &&
      past.paths.every((path) => exact.has(path) || folders.some((folder) => liesIn(follow(path), folder))) &&
      past.hosts.every((host) => hosts.has(host))
    )
  }

  function leafHolds(
    bound: GrantBound,
    leaf: { value: string; host?: string },
    named: readonly (string | undefined)[],
  ) {
    if (bound.is === 'equals') return leaf.value === tracer.value(bound.at, bound.value)
    if (bound.is === 'host') return leaf.host === tracer.host(bound.at, bound.value)
    return named.length > 0 && named.every((path) => path !== undefined && liesIn(follow(path), bound.value))
  }

  return {
    covers,
    /** Of the calls, those that an offer would have covered, and of how many that cannot be told. */
    of(offer: Offer, before: readonly AskedCall[]): GrantCoverage {
      const told = before.map((past) => ({ past, covered: covers(offer, past) }))
      const session = tracer.session(call.lineage)
      const calls = told.flatMap(({ past, covered }) =>
        covered ? [viewOf(past, past.trace?.session === session)] : [],
      )
      return {
        offer: offer.id,
        asked: before.length,
        unknown: told.filter(({ covered }) => covered === null).length,
        calls,
      }
    },
  }
}

const mostPlaces = 5

function viewOf(
  { id, at, tool, answer, paths, hosts }: AskedCall,
  same_session: boolean,
): GrantCoverage['calls'][number] {
  return { call_id: id, at, tool, answer, same_session, places: [...paths, ...hosts].slice(0, mostPlaces) }
}
