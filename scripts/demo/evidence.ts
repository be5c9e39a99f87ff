import type { AuditReport, StoredEntry } from '../../shared/audit.ts'
import { expect } from './expect.ts'
import type { Stage } from './stage.ts'

/** What the audit record says of the calls that were made, and the check that nobody rewrote it. */
export async function evidence({ narrator, commands }: Stage): Promise<void> {
  narrator.step('Every decision is on the record')
  const tail = ['audit', 'tail', '-n', '16']
  narrator.command(`npx toolgate ${tail.join(' ')}`)
  narrator.quote(await commands.run(...tail))
  const entries = (await commands.run('audit', 'tail', '--json')).trim().split('\n')
  const seen = decisions(entries.map((line) => JSON.parse(line) as StoredEntry))
  for (const decision of ['files read_text_file ALLOW', 'everything echo ALLOW', 'files write_file DENY']) {
    expect(seen.includes(decision), `the record holds ${decision}`, seen)
  }
  expect(seen.includes('files write_file REQUIRE_APPROVAL'), 'the record holds the call that waited', seen)

  narrator.step('And the record proves that nobody changed it')
  narrator.command('npx toolgate audit verify')
  narrator.quote(await commands.run('audit', 'verify'))
  const report = await commands.json<AuditReport>('audit', 'verify')
  expect(report.ok && report.entries > 0, 'the audit record verifies', report)
  narrator.verdict('good', 'verified', `${report.entries} records, each chained to the one before it`)
}

function decisions(entries: readonly StoredEntry[]): string[] {
  return entries.flatMap((entry) =>
    entry.kind === 'call' && entry.state === 'decided'
      ? `${entry.tool_server} ${entry.tool_name} ${entry.policy_decision}`
      : [],
  )
}
