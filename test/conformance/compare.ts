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

/** How the fixture is reached by the gateway; `bridge`: over stdio, and it does not speak the revision that is asked for. */
export type Over = 'stdio' | 'http' | 'bridge'

/** The differences that docs/conformance.md explains, from its tables of a revision; some are there only over HTTP, or at the bridge. */
export function documented(revision: Revision, over: Over): Difference[] {
  const always = tableOf(`Differences for ${revision}`)
  const where = { stdio: null, http: 'over HTTP', bridge: 'at the bridge' }[over]
  const more = where === null ? [] : tableOf(`More differences for ${revision} ${where}`)
  return [...always, ...more].toSorted((a, b) => a.check.localeCompare(b.check))
}

/** The differences that docs/conformance.md explains for a client behind Toolgate, the same at both doors. */
export function documentedForClients(revision: Revision): Difference[] {
  return tableOf(`Differences for ${revision}, clients`)
}

/** The totals that docs/conformance.md gives for a client: directly, through a shim, through the HTTP door. */
export function clientTotals(revision: Revision): string[] {
  const row =
    section('Clients')
      .split('\n')
      .find((line) => line.startsWith(`| ${revision} |`)) ?? ''
  return row
    .split('|')
    .slice(2, 5)
    .map((cell) => cell.trim())
}

function section(title: string): string {
  const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'conformance.md'), 'utf8')
  return page.split(/^## /m).find((part) => part.startsWith(`${title}\n`)) ?? ''
}

function tableOf(title: string): Difference[] {
  const rows = section(title).matchAll(/^\| `([^`]+)` \| ([a-z ]+) \| ([a-z ]+) \|/gm)
  return [...rows].map(([, check = '', direct = '', through = '']) => ({ check, direct, through }))
}
