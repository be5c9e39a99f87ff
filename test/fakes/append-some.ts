import { createAuditLog } from '../../src-main/core/audit/log.ts'
import { openDatabase } from '../../src-main/core/store/database.ts'
import { systemClock } from '../../src-main/host/clock.ts'
import { call, pathsIn } from '../core/audit/profile.ts'
import { fakeSecrets } from './secrets.ts'

// A process whose flushes can be counted: opens the log in the folder given, appends as many records as told, one by one, and
// ends without closing it. With `every`, each is to be on the disk before the next.
const [folder = '', count = '0', mode = 'decisions'] = process.argv.slice(2)
const log = { info: () => {}, warn: () => {}, error: () => {} }
const paths = pathsIn(folder)
const audit = createAuditLog({
  ...{ db: openDatabase(paths.database), paths, secrets: fakeSecrets(), clock: systemClock, log },
  flushEvery: mode === 'every',
})
for (let index = 0; index < Number(count); index++) audit.append([call(index)])
process.exit(0)
