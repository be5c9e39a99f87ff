import { dirname } from 'node:path'
import type { GrantSuggestion } from '../../../shared/approval.ts'
import { tenantIn } from '../../../shared/credential.ts'
import { realPath } from '../envelope/links.ts'
import { commonFolder } from '../replay/common-folder.ts'
import type { AskedCall } from './asked-call.ts'
import { coverageOf } from './coverage.ts'
import { liesIn } from './covers.ts'
import { boundsUnder, isTooHigh, type Learned, maySuggest } from './offers.ts'
import type { GrantSubject } from './subject.ts'
import type { Tracer } from './trace.ts'

/** So many requests of a kind that a person allowed are a habit. */
const leastTimes = 3
/** Folders above a call that are tried. */
const mostFolders = 12

/**
 * The folder that a call keeps to together with most of what a person allowed before, the deepest of several; null when that is not
 * often enough. What they denied there, what destroys, level 3 and more, secrets and folders with protected places suggest nothing.
 */
export function learnedFor(
  call: GrantSubject,
  level: number,
  before: readonly AskedCall[],
  { tracer, places }: { tracer: Tracer; places: readonly string[] },
): Learned | null {
  if (!maySuggest(call, level) || !call.known) return null
  const coverage = coverageOf(call, level, tracer)
  let best: Learned | null = null
  for (const folder of foldersAbove(call)) {
    if (holdsAny(folder, places)) break
    const bounds = boundsUnder(call, folder)
    if (!bounds) continue
    const covered = before.filter((past) => coverage.covers({ scope: 'bounded', bounds }, past) === true)
    if (covered.some(({ answer }) => answer === 'denied')) break
    const times = timesAllowed(covered)
    if (times >= leastTimes && times > (best?.times ?? 0)) best = { folder, times }
  }
  return best
}

/** Real folders that hold a path of the call, the deepest first. */
function foldersAbove({ paths }: GrantSubject): string[] {
  const [first] = paths
  const found: string[] = []
  if (first === undefined) return found
  for (let at = dirname(realPath(first)); !isTooHigh(at) && found.length < mostFolders; at = dirname(at)) found.push(at)
  return found
}

function holdsAny(folder: string, places: readonly string[]): boolean {
  return places.some((place) => liesIn(realPath(place), folder))
}

/** Requests, not calls: one that was made again while it waited is one question. */
function timesAllowed(calls: readonly AskedCall[]): number {
  return new Set(calls.filter(({ answer }) => answer === 'approved').map(({ approvalId }) => approvalId)).size
}

type Waiting = { id: string; client: { id: string; tenant?: string | undefined }; server: string; tool: string }

/** What people allowed again and again, of all that they were asked, most often first; without what a request would rule out. */
export function suggestionsFrom(
  before: readonly AskedCall[],
  waiting: readonly Waiting[],
  { places, pinOf }: { places: readonly string[]; pinOf: (server: string, tool: string) => string | null },
): GrantSuggestion[] {
  const groups = new Map<string, AskedCall[]>()
  for (const call of before) {
    const { client, server, tool, action, level, trace, fingerprint } = call
    const plain = trace?.plain === true && call.paths.length > 0 && client.verified
    if (!maySuggest({ kind: 'tool', action: action as GrantSubject['action'], plain }, level)) continue
    // What is another tool by now is not what was allowed.
    if (pinOf(server, tool) !== fingerprint) continue
    const key = JSON.stringify([client.id, client.tenant, server, tool])
    groups.set(key, [...(groups.get(key) ?? []), call])
  }
  const found = [...groups.values()].flatMap((calls) => suggestionOf(calls, places))
  return found
    .sort((a, b) => b.times - a.times)
    .map((suggestion) => ({
      ...suggestion,
      waiting: waiting.find((request) => isFor(request, suggestion))?.id ?? null,
    }))
}

function suggestionOf(calls: readonly AskedCall[], places: readonly string[]): Omit<GrantSuggestion, 'waiting'>[] {
  const allowed = calls.filter(({ answer }) => answer === 'approved')
  const folder = commonFolder(allowed.map(({ paths }) => paths.map(realPath)))
  const [first] = allowed
  const times = timesAllowed(allowed)
  if (!first || folder === null || times < leastTimes || isTooHigh(folder) || holdsAny(folder, places)) return []
  const denied = calls.filter(({ answer }) => answer === 'denied')
  if (denied.some(({ paths }) => paths.some((path) => liesIn(realPath(path), folder)))) return []
  const elsewhere = allowed.some(({ hosts, uris }) => hosts.length + uris.length > 0)
  const { client, server, tool, rules } = first
  const who = { client: { id: client.id, name: client.name }, ...tenantIn(client) }
  return [{ ...who, server, tool, rules: [...rules], elsewhere, folder, times }]
}

function isFor({ client, server, tool }: Waiting, to: Omit<GrantSuggestion, 'waiting'>): boolean {
  return client.id === to.client.id && client.tenant === to.tenant && server === to.server && tool === to.tool
}
