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

/** What a person allowed so often that it is offered: everything below a real folder, and how often that was. */
export type Learned = { folder: string; times: number }

/** From this level on nothing is suggested. */
export const unsuggestedLevel = 3

/** Whether anything may be suggested for a call: nothing grave, nothing that destroys, nothing with a secret in it. */
export function maySuggest(call: Pick<GrantSubject, 'kind' | 'action' | 'plain'>, level: number): boolean {
  return call.kind === 'tool' && call.plain && call.action !== 'destructive' && level < unsuggestedLevel
}

/** For what more than this call a request may be answered, narrowest first. */
export function offersFor(
  call: GrantSubject,
  level: number,
  limits: GrantLimits,
  learned: Learned | null = null,
): Offer[] {
  const name = `${call.server} › ${call.tool}`
  const exact = (durations: GrantDuration[]) => ({
    scope: 'call' as const,
    says: `this exact call of ${name}`,
    durations,
  })
  const wide: Omit<Offer, 'id' | 'max_hours' | 'bounds' | 'suggested'>[] = []
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
  const suggested = learned && maySuggest(call, level) ? boundsUnder(call, learned.folder) : null
  const sets = withSet(boundsFor(call), suggested)
  const bounded = sets.map((bounds) => ({
    scope: 'bounded' as const,
    says: `${name} ${boundsInWords(bounds)}`,
    bounds,
    durations: [...lasting, ...mayStay],
  }))
  const first = { ...exact(['once', ...lasting, ...mayStay]), bounds: [] }
  const offers = finish([first, ...bounded, ...wide.map((offer) => ({ ...offer, bounds: [] }))], call, limits)
  if (!suggested || !learned) return offers
  return offers.map((offer) => (isSame(offer.bounds, suggested) ? { ...offer, suggested: learned.times } : offer))
}

function isSame(one: readonly GrantBound[], other: readonly GrantBound[]): boolean {
  return canonicalJson([...one]) === canonicalJson([...other])
}

function withSet(sets: GrantBound[][], more: GrantBound[] | null): GrantBound[][] {
  return !more || sets.some((set) => isSame(set, more)) ? sets : [...sets, more]
}

function finish(
  offers: Omit<Offer, 'id' | 'max_hours' | 'suggested'>[],
  call: GrantSubject,
  limits: GrantLimits,
): Offer[] {
  const most = call.action === 'destructive' ? Math.min(destructiveHours, limits.maxHours) : limits.maxHours
  return offers
    .filter(({ scope }) => limits.scopes.includes(scope))
    .map((offer) => {
      const bound = { ...offer, max_hours: most }
      const of = [call.client.id, call.server, call.tool, call.fingerprint, call.callHash, bound]
      return { ...bound, id: createHash('sha256').update(canonicalJson(of)).digest('hex'), suggested: null }
    })
}

/** Sets of bounds that this very call keeps to: in the folder of what it names, in the one above, at its hosts. */
function boundsFor(call: GrantSubject): GrantBound[][] {
  const sets = [0, 1].flatMap((up) => {
    const set = boundsIn(call, (paths) => folderOf(paths, up))
    return set ? [set] : []
  })
  return sets.filter((set, at) => !isSame(set, sets[at - 1] ?? []))
}

/** The bounds of this call with everything below one real folder in place of what it names; null where it does not keep to that. */
export function boundsUnder(call: GrantSubject, folder: string): GrantBound[] | null {
  return isTooHigh(folder) ? null : boundsIn(call, () => folder)
}

/** A bound for each argument; null where one cannot be bounded, or where they would bound nothing that matters. */
function boundsIn(call: GrantSubject, folderFor: (paths: readonly string[]) => string | null): GrantBound[] | null {
  const leaves = call.plain ? leavesOf(call.args) : null
  if (!leaves) return null
  const bounds: GrantBound[] = []
  for (const leaf of leaves) {
    if (isContent(leaf)) continue
    const text = JSON.stringify(leaf.value)
    const host = typeof leaf.value === 'string' ? hostOf(leaf.value) : null
    const paths = typeof leaf.value === 'string' && host === null ? call.pathsOf(leaf.key, leaf.value) : []
    if (host !== null) bounds.push({ at: leaf.at, is: 'host', value: host })
    else if (paths.length > 0) {
      const folder = folderFor(paths)
      if (folder === null) return null
      bounds.push({ at: leaf.at, is: 'under', value: folder })
    } else if (text.length <= longestEqual) bounds.push({ at: leaf.at, is: 'equals', value: text })
    else return null
  }
  return bounds.some(({ is }) => is !== 'equals') && withinBounds(bounds, call) ? bounds : null
}

/** The real folder of what `paths` lead to, or one `up`; null where that is too high. */
function folderOf(paths: readonly string[], up: number): string | null {
  const folders = new Set(paths.map((path) => dirname(realPath(path))))
  let [folder] = folders
  if (folder === undefined || folders.size > 1) return null
  for (let step = 0; step < up; step++) folder = dirname(folder)
  return isTooHigh(folder) ? null : folder
}

/** Whether a real folder is a home, above one, or next to the root: too much lies below it. */
export function isTooHigh(folder: string): boolean {
  const toHome = relative(folder, realPath(homedir()))
  const holdsHome = toHome === '' || !toHome.startsWith('..')
  return holdsHome || folder.split(sep).length < 3
}
