import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { program } from '../../fakes/person.ts'
import type { Revision } from '../suite.ts'

const suite = join(
  import.meta.dirname,
  ...['..', '..', '..', 'node_modules', '@modelcontextprotocol', 'conformance', 'dist', 'index.js'],
)

/** Scenarios at a time: each starts a suite, a gateway and a shim. */
const atOnce = 2

/** How the suite judged one scenario: its own last lines, and whether nothing failed and nothing was warned of. */
export type Verdict = { scenario: string; passed: boolean; total: string; said: string }

/** What a revision requires of a client about authorization, from the suite's own list. */
export async function requiredScenarios(revision: Revision): Promise<string[]> {
  const { screen } = await program([process.execPath, suite, 'list', '--requirements', revision])
  const required = screen.split('Run and reported, but never scored')[0] ?? ''
  return [...required.matchAll(/^ {2}- (auth\/\S+)$/gm)].map(([, name = '']) => name)
}

/** Runs these scenarios of a revision, each with a gateway of its own. */
export async function runScenarios(scenarios: readonly string[], revision: string): Promise<Verdict[]> {
  const folder = mkdtempSync(join(tmpdir(), 'toolgate-suite-'))
  const left = [...scenarios]
  const verdicts: Verdict[] = []
  const client = `${process.execPath} ${join(import.meta.dirname, 'main.ts')}`
  const work = async () => {
    for (let scenario = left.shift(); scenario !== undefined; scenario = left.shift()) {
      const words = ['--scenario', scenario, '--spec-version', revision, '--force', '--timeout', '60000', '-o', folder]
      const { stderr, code } = await program([process.execPath, suite, 'client', '--command', client, ...words])
      const total = /^Passed: .*$/m.exec(stderr)?.[0] ?? 'no total'
      const passed = code === 0 && /^Passed: ([1-9]\d*)\/\1, 0 failed, 0 warnings$/.test(total)
      verdicts.push({ scenario, passed, total, said: passed ? '' : stderr.slice(-8000) })
    }
  }
  try {
    await Promise.all(Array.from({ length: atOnce }, work))
    return verdicts.toSorted((a, b) => a.scenario.localeCompare(b.scenario))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
