import type { AuditReport, StoredEntry } from '../../shared/audit.ts'
import { expect } from './expect.ts'
import type { Stage } from './stage.ts'

const promised = [
  'files read_text_file ALLOW',
  'everything echo ALLOW',
  'files create_directory DENY',
  'files create_directory REQUIRE_APPROVAL',
]

/** What the audit record says of the calls that were made. */
export async function showRecord({ narrator, commands }: Stage): Promise<void> {
  narrator.step('Every decision is on the record')
  narrator.say('One line per state of a call. The denied call has no `forwarding`: the server never saw it.')
  narrator.command('npx toolgate audit tail -n 16')
  narrator.quote(await commands.run('audit', 'tail', '-n', '16'), { cut: true })
  const lines = (await commands.run('audit', 'tail', '-n', '1000', '--json')).trim().split('\n')
  const seen = decisions(lines.map((line) => JSON.parse(line) as StoredEntry))
  for (const decision of promised) expect(seen.includes(decision), `the record holds \`${decision}\``, seen)
}

/** The check that nobody changed the record since. */
export async function verifyRecord({ narrator, commands }: Stage): Promise<void> {
  narrator.step('The record proves that nobody changed it')
  narrator.say('This needs no gateway, only the files: every record holds the hash of the one before it, and the last')
  narrator.say('one is signed with a key that lies outside of the database.')
  narrator.command('npx toolgate audit verify')
  narrator.quote(await commands.run('audit', 'verify'))
  const report = await commands.json<AuditReport>('audit', 'verify')
  expect(report.ok && report.entries > 0, 'the record is intact', report)
  narrator.verdict('good', 'verified', `${report.entries} records, from the first to the last`)
}

function decisions(entries: readonly StoredEntry[]): string[] {
  return entries.flatMap((entry) =>
    entry.kind === 'call' && entry.state === 'decided'
      ? `${entry.tool_server} ${entry.tool_name} ${entry.policy_decision}`
      : [],
  )
}
