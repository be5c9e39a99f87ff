import { expect, onTestFinished, test } from 'vitest'
import { createAdapters } from '../../src-main/core/oauth/server/adapter.ts'
import { openDatabase } from '../../src-main/core/store/database.ts'
import { oauthTable } from '../../src-main/core/store/oauth-tables.ts'
import { testFolder } from '../fakes/folder.ts'

test('what counts once is used up once, however close the second comes; it ends what hangs on the same yes', async () => {
  const db = openDatabase(`${testFolder()}/test.db`)
  onTestFinished(() => void db.close())
  const keeping = { table: oauthTable(db), now: Date.now, publicOrigin: null, over: () => false }
  const adapters = createAdapters({ ...keeping, onEnded: () => undefined })
  const [refresh, access] = [adapters('RefreshToken'), adapters('AccessToken')]
  await refresh.upsert('refresh-1', { grantId: 'grant-1', clientId: 'client-1' }, 60)
  await access.upsert('access-1', { grantId: 'grant-1', clientId: 'client-1' }, 60)
  await access.upsert('access-2', { grantId: 'grant-2', clientId: 'client-1' }, 60)
  // Both have looked, and found that it was not used.
  expect([await refresh.find('refresh-1'), await refresh.find('refresh-1')]).toMatchObject([{}, {}])
  await refresh.consume('refresh-1')
  await expect(refresh.consume('refresh-1')).rejects.toThrow('invalid_grant')
  await expect(refresh.consume('refresh-2')).rejects.toThrow('invalid_grant')
  expect(await access.find('access-1')).toBeUndefined()
  expect(await access.find('access-2')).toMatchObject({ jti: 'access-2' })
})
