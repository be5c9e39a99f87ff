import { writeSync } from 'node:fs'
import type { CallEntry } from '../../shared/audit.ts'
import { createAuditLog } from '../../src-main/core/audit/log.ts'
import { openDatabase } from '../../src-main/core/store/database.ts'
import { call, pathsIn } from '../core/audit/profile.ts'
import { fakeSecrets } from './secrets.ts'

// A process that is there to be killed: opens the log in the folder given, closes what an earlier one left open, then
// appends until it dies, and says each record's number only after its append returned.
const [folder = '', key = ''] = process.argv.slice(2)
const log = { info: () => {}, warn: () => {}, error: (message: string) => void writeSync(2, `${message}\n`) }
const clock = {
  now: Date.now,
  monotonic: () => performance.now(),
  after: (ms: number, fn: () => void) => {
    const timer = setTimeout(fn, ms).unref()
    return () => clearTimeout(timer)
  },
}
const paths = pathsIn(folder)
const secrets = fakeSecrets([['audit-signing-key', Buffer.from(key, 'hex')]])
const audit = createAuditLog({ db: openDatabase(paths.database), paths, secrets, clock, log })
const run = process.pid
writeSync(1, `${audit.openCalls().length} left open, ${audit.closeInterrupted()} closed\n`)
// Mostly to the journal, as calls are recorded, and at times to the database, as everything else is.
async function record(entries: CallEntry[], turn: number): Promise<void> {
  if (turn % 50 === 0) audit.append(entries)
  else await audit.appendTogether(entries)
  writeSync(1, `${audit.stats().entries}\n`)
}

for (let i = 0; ; i++) {
  await record([call(`${run}_${i}`), call(`${run}_${i}`, { state: 'forwarding', attempt: 1 })], i)
  if (i % 3 === 0) await audit.durable()
  await record([call(`${run}_${i}`, { state: 'closed', outcome: 'executed' })], i + 20)
}
