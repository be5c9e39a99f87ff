import { isAbsolute, relative, sep } from 'node:path'
import type { GrantBound } from '../../../shared/approval.ts'
import { realPath } from '../envelope/links.ts'
import { type GrantSubject, hostOf, isContent, type Leaf, leavesOf } from './subject.ts'

/**
 * Whether bounds hold for a call: each argument is bounded, each bound has its argument, every reading of it keeps to the bound, and
 * nothing that any part of the call names lies outside. What cannot be read to its end is not covered.
 */
export function withinBounds(bounds: readonly GrantBound[], call: GrantSubject): boolean {
  const leaves = call.plain ? leavesOf(call.args) : null
  if (!leaves) return false
  const left = new Map(bounds.map((bound) => [bound.at, bound]))
  for (const leaf of leaves) {
    const bound = left.get(leaf.at)
    if (!bound) {
      if (!isContent(leaf)) return false
      continue
    }
    if (!holds(bound, leaf, call)) return false
    left.delete(leaf.at)
  }
  const folders = bounds.flatMap(({ is, value }) => (is === 'under' ? [value] : []))
  const hosts = new Set(bounds.flatMap(({ is, value }) => (is === 'host' ? [value.replace(/:\d+$/, '')] : [])))
  // What exactly these arguments name was shown; beside them nothing else may be named.
  const exact = new Set(
    leaves.flatMap(({ at, key, value }) =>
      typeof value === 'string' && bounds.some((bound) => bound.at === at && bound.is === 'equals')
        ? call.pathsOf(key, value)
        : [],
    ),
  )
  return (
    left.size === 0 &&
    call.paths.every((path) => exact.has(path) || folders.some((folder) => lies(path, folder))) &&
    call.hosts.every((host) => hosts.has(host))
  )
}

function holds({ is, value: wanted }: GrantBound, { key, value }: Leaf, call: GrantSubject): boolean {
  if (is === 'equals') return JSON.stringify(value) === wanted
  if (typeof value !== 'string') return false
  if (is === 'host') return hostOf(value) === wanted
  const paths = call.pathsOf(key, value)
  return paths.length > 0 && paths.every((path) => lies(path, wanted))
}

function lies(path: string, folder: string): boolean {
  return liesIn(realPath(path), folder)
}

/** Whether a real path leads into a real folder, or to it: where links really go is what counts. */
export function liesIn(real: string, folder: string): boolean {
  const way = relative(folder, real)
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way))
}
