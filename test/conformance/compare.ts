import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Findings, Revision } from './suite.ts'

/** A check that ends otherwise through Toolgate than directly. */
export type Difference = { check: string; direct: string; through: string }

const words = (statuses: string[] | undefined) => (statuses ?? ['absent']).toSorted().join(' ').toLowerCase()

/** Every check that ended otherwise, sorted. */
export function differences(direct: Findings, through: Findings): Difference[] {
  const names = [...new Set([...direct.checks.keys(), ...through.checks.keys()])].sort()
  return names
    .map((check) => ({ check, direct: words(direct.checks.get(check)), through: words(through.checks.get(check)) }))
    .filter((found) => found.direct !== found.through)
}

/** The differences that docs/conformance.md explains, from its table of a revision. */
export function documented(revision: Revision): Difference[] {
  const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'conformance.md'), 'utf8')
  const section = page.split(/^## /m).find((part) => part.startsWith(`Differences for ${revision}`)) ?? ''
  return [...section.matchAll(/^\| `([^`]+)` \| ([a-z ]+) \| ([a-z ]+) \|/gm)]
    .map(([, check = '', direct = '', through = '']) => ({ check, direct, through }))
    .toSorted((a, b) => a.check.localeCompare(b.check))
}
