import { program } from '../../fakes/person.ts'
import { hostClients } from '../client-host.ts'
import { type Revision, suite } from '../suite.ts'
import { signInAndCall } from './sign-in.ts'

/** For one scenario, while all others run. */
const timeoutMs = 300_000

/** How the suite judged one scenario: its own line, and whether something passed, nothing failed and nothing was warned of. */
export type Verdict = { scenario: string; passed: boolean; total: string }

/** What a revision requires of a client about authorization, from the suite's own list. */
export async function requiredScenarios(revision: Revision): Promise<string[]> {
  const { screen } = await program([process.execPath, suite, 'list', '--requirements', revision])
  const required = screen.split('Run and reported, but never scored')[0] ?? ''
  return [...required.matchAll(/^ {2}- (auth\/\S+)$/gm)].map(([, name = '']) => name)
}

/** Words of the suite by which it runs what a revision requires of clients, or what it knows of servers from before that was written down. */
export const required = (revision: Revision) => ['--requirements', revision]
export const older = ['--suite', 'backcompat', '--spec-version', '2025-03-26']

/** Runs the scenarios about authorization among those that are chosen, each with a gateway of its own; `said`: all that the suite said where one did not pass. */
export async function runScenarios(chosen: readonly string[]): Promise<{ verdicts: Verdict[]; said: string }> {
  const host = await hostClients(async (asked) => {
    // The others are for a client that signs in nowhere.
    if (asked.scenario.startsWith('auth/')) await signInAndCall(asked)
  })
  try {
    const words = [...chosen, '--timeout', String(timeoutMs), '--verbose']
    const { screen, stderr } = await program([process.execPath, suite, 'client', '--command', host.command, ...words])
    const summary = screen.slice(screen.indexOf('=== SUITE SUMMARY'))
    const rows = [...summary.matchAll(/^[✓✗-] (auth\/\S+): (.*)$/gm)]
    const verdicts = rows.map(([, scenario = '', total = '']) => ({
      ...{ scenario, total },
      passed: /^[1-9]\d* passed, 0 failed$/.test(total),
    }))
    const allPassed = verdicts.every(({ passed }) => passed)
    return { verdicts, said: allPassed ? '' : `${stderr.slice(-20_000)}\n${summary}` }
  } finally {
    await host.close()
  }
}
