import { createHash } from 'node:crypto'
import { homedir } from 'node:os'
import { dirname, relative, sep } from 'node:path'
import type { GrantBound, GrantDuration, GrantOffer, GrantScope } from '../../../shared/approval.ts'
import { canonicalJson } from '../audit/canonical.ts'
import { realPath } from '../envelope/links.ts'
import { withinBounds } from './covers.ts'
import { boundsInWords, type GrantSubject, hostOf, isContent, leavesOf } from './subject.ts'

/** What whoever governs the policy allows grants to be. */
export type GrantLimits = { maxHours: number; scopes: readonly GrantScope[] }

/** For what more than its call a request may be answered. */
export type Offer = GrantOffer

/** From this level on a yes is for the one call alone. */
const onceLevel = 4
/** What destroys is never let run for longer without asking. */
const destructiveHours = 8
/** Longer values are not repeated in the words of an offer, and so not bound by one. */
const longestEqual = 200

/** For what more than this call a request may be answered, narrowest first. */
export function offersFor(call: GrantSubject, level: number, limits: GrantLimits): Offer[] {
  const name = `${call.server} › ${call.tool}`
  const exact = (durations: GrantDuration[]) => ({
    scope: 'call' as const,
    says: `this exact call of ${name}`,
    durations,
  })
  const wide: Omit<Offer, 'id' | 'max_hours' | 'bounds'>[] = []
  if (call.kind !== 'tool' || level >= onceLevel) return finish([{ ...exact(['once']), bounds: [] }], call, limits)
  const lasting: GrantDuration[] = call.known ? ['session', 'hours'] : ['session']
  const mayStay: GrantDuration[] = call.action === 'destructive' || !call.known ? [] : ['unchanged']
  if (call.plain && call.action !== 'destructive') {
    const open: GrantDuration[] = call.action === 'read' && call.known ? [...lasting, 'unchanged'] : lasting
    wide.push({ scope: 'tool', says: `every call of ${name}`, durations: open })
    if (call.action === 'read') {
      wide.push({ scope: 'server', says: `every tool of ${call.server} that only reads`, durations: open })
    }
  }
  const bounded = boundsFor(call).map((bounds) => ({
    scope: 'bounded' as const,
    says: `${name} ${boundsInWords(bounds)}`,
    bounds,
    durations: [...lasting, ...mayStay],
  }))
  const first = { ...exact(['once', ...lasting, ...mayStay]), bounds: [] }
  return finish([first, ...bounded, ...wide.map((offer) => ({ ...offer, bounds: [] }))], call, limits)
}

function finish(offers: Omit<Offer, 'id' | 'max_hours'>[], call: GrantSubject, limits: GrantLimits): Offer[] {
  const most = call.action === 'destructive' ? Math.min(destructiveHours, limits.maxHours) : limits.maxHours
  return offers
    .filter(({ scope }) => limits.scopes.includes(scope))
    .map((offer) => {
      const bound = { ...offer, max_hours: most }
      const of = [call.client.id, call.server, call.tool, call.fingerprint, call.callHash, bound]
      return { ...bound, id: createHash('sha256').update(canonicalJson(of)).digest('hex') }
    })
}

/** Sets of bounds that this very call keeps to: in the folder of what it names, in the one above, at its hosts. */
function boundsFor(call: GrantSubject): GrantBound[][] {
  const leaves = call.plain ? leavesOf(call.args) : null
  if (!leaves) return []
  const sets = [0, 1].map((up) => {
    const bounds: GrantBound[] = []
    for (const leaf of leaves) {
      if (isContent(leaf)) continue
      const text = JSON.stringify(leaf.value)
      const host = typeof leaf.value === 'string' ? hostOf(leaf.value) : null
      const paths = typeof leaf.value === 'string' && host === null ? call.pathsOf(leaf.key, leaf.value) : []
      if (host !== null) bounds.push({ at: leaf.at, is: 'host', value: host })
      else if (paths.length > 0) {
        const folder = folderOf(paths, up)
        if (folder === null) return null
        bounds.push({ at: leaf.at, is: 'under', value: folder })
      } else if (text.length <= longestEqual) bounds.push({ at: leaf.at, is: 'equals', value: text })
      else return null
    }
    return bounds
  })
  const useful = sets.flatMap((set) => (set?.some(({ is }) => is !== 'equals') && withinBounds(set, call) ? [set] : []))
  return useful.filter((set, at) => canonicalJson(set) !== canonicalJson(useful[at - 1] ?? []))
}

/** The real folder of what `paths` lead to, or one `up`; null where that is a home, above one, or next to the root. */
function folderOf(paths: readonly string[], up: number): string | null {
  const folders = new Set(paths.map((path) => dirname(realPath(path))))
  let [folder] = folders
  if (folder === undefined || folders.size > 1) return null
  for (let step = 0; step < up; step++) folder = dirname(folder)
  const toHome = relative(folder, realPath(homedir()))
  const holdsHome = toHome === '' || !toHome.startsWith('..')
  return holdsHome || folder.split(sep).length < 3 ? null : folder
}
