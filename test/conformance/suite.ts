import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { program } from '../fakes/person.ts'

/** The program of the official suite. */
export const suite = join(
  import.meta.dirname,
  ...['..', '..', 'node_modules', '@modelcontextprotocol', 'conformance', 'dist', 'index.js'],
)

/** Revisions of MCP whose requirements are frozen in the suite. */
export const revisions = ['2025-11-25', '2026-07-28'] as const
export type Revision = (typeof revisions)[number]

/** What one run found: how each check of each scenario ended, by `scenario check`, and the suite's own last lines. */
export type Findings = { checks: Map<string, string[]>; total: string; scored: boolean; said: string }

type Check = { id: string; name: string; status: string }

/** Runs everything that a revision requires of a server, and what the suite runs beside it without scoring. */
export async function runSuite(url: string, revision: Revision): Promise<Findings> {
  const folder = mkdtempSync(join(tmpdir(), 'toolgate-suite-'))
  try {
    const words = [process.execPath, suite, 'server', '--url', url, '--requirements', revision, '-o', folder]
    const { screen, stderr, code } = await program(words)
    const total = /^Total: .*$/m.exec(screen)?.[0]
    if (total === undefined) throw new Error(`the suite ended with ${code} and no total:\n${screen}${stderr}`)
    return { checks: checksIn(folder), total, scored: code === 0, said: screen.slice(screen.indexOf('=== SUMMARY')) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The suite writes one folder per scenario, named `server-<scenario>-<time>`, or `<scenario>-<time>` for one of a client. */
export function checksIn(folder: string): Map<string, string[]> {
  const checks = new Map<string, string[]>()
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /checks\.json$/.test(name))
  for (const name of files) {
    const scenario = dirname(name)
      .replace(/^server-/, '')
      .replace(/-\d{4}-\d\d-\d\dT.*$/, '')
    for (const { id, name: title, status } of JSON.parse(readFileSync(join(folder, name), 'utf8')) as Check[]) {
      // What is only told is no verdict: how many events came by, say.
      if (status === 'INFO') continue
      const key = `${scenario} ${id} ${title}`
      checks.set(key, [...(checks.get(key) ?? []), status])
    }
  }
  return checks
}
