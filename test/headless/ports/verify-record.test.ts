import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { verifyRecord } from '../../../src-main/headless/ports/verify-record.ts'
import { testFolder } from '../../fakes/folder.ts'
import { end, liveGateway } from '../../fakes/live-gateway.ts'

const verifier = (words: string[]) => verifyRecord({ command: words[0] ?? '', args: words.slice(1) })

test('the verifier’s report is given, whether the record is intact or broken', async () => {
  const { child, paths, toolgate } = await liveGateway()
  const words = toolgate('audit', 'verify', '--json')
  const intact = await verifier(words)
  expect(intact).toMatchObject({ ok: true, first_bad: null, problems: [] })
  expect(intact.entries).toBeGreaterThan(0)
  await end(child)

  const db = new Database(paths.database)
  db.exec(`DROP TRIGGER audit_entries_no_update;
    UPDATE audit_entries SET body = replace(body, '"event":"', '"event":"x') WHERE seq = 1`)
  db.close()
  const broken = await verifier(words)
  expect(broken).toMatchObject({ ok: false, first_bad: 1 })
  expect(broken.problems[0]).toMatchObject({ seq: 1, kind: 'edited' })
})

test.each<[what: string, words: () => string[], why: string]>([
  ['is not there', () => [join(testFolder(), 'nothing')], 'ENOENT'],
  ['is another program', () => [process.execPath, '-e', 'console.log("{}")'], 'without a report'],
  [
    'fails with a report',
    () => [process.execPath, '-e', `console.log(${JSON.stringify(report)}); process.exit(3)`],
    '(3)',
  ],
  ['is killed', () => [process.execPath, '-e', 'process.kill(process.pid, "SIGKILL")'], 'SIGKILL'],
  ['says why not', () => [process.execPath, '-e', 'console.log(`{"error":{"code":"NOT_FOUND"}}`)'], 'NOT_FOUND'],
])('a verifier that %s gives no report, and that is said', async (_, words, why) => {
  await expect(verifier(words())).rejects.toThrow(why)
})

const report = JSON.stringify({ ok: true, entries: 1, checkpoints: 0, first_bad: null, problems: [], unchecked: [] })
