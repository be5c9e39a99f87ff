import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDatabase } from '../../src-main/core/store/database.ts'
import { factsTable } from '../../src-main/core/store/registry-tables.ts'
import { testFolder } from '../fakes/folder.ts'
import { person, startGateway } from '../fakes/gateway.ts'

test('that a PIN was enrolled is known beside the keys, across restarts', async () => {
  const profile = join(testFolder(), 'profile')
  const first = await startGateway({ profile })
  const { paths } = first
  expect(await first.core.handlers.status({}, person)).toMatchObject({ presence_enrolled: false, presence_lost: false })
  await first.stop()
  const db = openDatabase(paths.database)
  factsTable(db).set('presence_enrolled', 'yes')
  db.close()
  const second = await startGateway({ profile })
  expect(await second.core.handlers.status({}, person)).toMatchObject({ presence_enrolled: false, presence_lost: true })
  await second.stop()
})
