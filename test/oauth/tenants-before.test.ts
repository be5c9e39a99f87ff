import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { createCredentials } from '../../src-main/core/envelope/credentials.ts'
import { createAccessTokens } from '../../src-main/core/oauth/server/access-tokens.ts'
import { hashId } from '../../src-main/core/oauth/server/hash-id.ts'
import { openDatabase } from '../../src-main/core/store/database.ts'
import { grantsTable } from '../../src-main/core/store/grants-table.ts'
import { migrations } from '../../src-main/core/store/migrations/index.ts'
import { oauthTable } from '../../src-main/core/store/oauth-tables.ts'
import { clientsTable } from '../../src-main/core/store/registry-tables.ts'
import { testFolder } from '../fakes/folder.ts'

/** How many migrations there were when an app was given one sum of rights, for nobody in particular. */
const before = migrations.findIndex((sql) => sql.includes('CREATE TABLE app_accesses'))
const token = 'A'.repeat(43)

test('in a profile of before an app works for nobody in particular with what it had, and what was allowed stays with whom it was for', () => {
  const file = `${testFolder()}/test.db`
  const old = new Database(file)
  for (const sql of migrations.slice(0, before)) old.exec(sql)
  old.pragma(`user_version = ${before}`)
  const client = old.prepare(
    `INSERT INTO clients (id, name, created_at, last_seen, kind, scopes, tenant, purpose, revoked)
     VALUES (?, ?, '2026-01-01', '2026-01-02', ?, ?, ?, ?, ?)`,
  )
  client.run('app', 'App', 'oauth', '["mail.read"]', null, 'to read', 0)
  client.run('gone', 'Gone', 'oauth', '["mail.read"]', null, 'to read', 1)
  client.run('ci', 'CI', 'http', '["notes"]', 'acme', null, 0)
  const names = (old.pragma('table_info(grants)') as { name: string }[]).map(({ name }) => name)
  for (const id of ['app', 'ci']) {
    const row = { id: `grant of ${id}`, state: 'active', client: id, server: 'notes', tool: 'read', used: 0, level: 1 }
    const values = names.map(
      (name) => (row as Record<string, unknown>)[name] ?? (/_at$|max_|last_used/.test(name) ? 1 : ''),
    )
    old.prepare(`INSERT INTO grants (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`).run(values)
  }
  old.close()

  const db = openDatabase(file)
  onTestFinished(() => void db.close())
  const [clients, table, grants] = [clientsTable(db), oauthTable(db), grantsTable(db)]
  const credentialOf = createCredentials(clients)
  expect(credentialOf({ id: 'app', tenant: '' })).toEqual({ scopes: ['mail.read'], tenant: null, purpose: 'to read' })
  expect(credentialOf({ id: 'app', tenant: 'acme' })).toEqual({ scopes: [], tenant: 'acme', purpose: '' })
  expect(credentialOf({ id: 'ci', tenant: 'acme' })).toEqual({ scopes: ['notes'], tenant: 'acme', purpose: '' })
  expect([clients.accesses.of('gone'), clients.accesses.of('app').length]).toEqual([[], 1])
  const found = (id: string, tenant: string) => grants.find({ id, tenant }, 'notes', 'read').length
  expect([found('app', ''), found('app', 'acme'), found('ci', 'acme'), found('ci', '')]).toEqual([1, 0, 1, 0])

  // A token that was issued before, and one whose yes is gone.
  const check = createAccessTokens({ table, clients, now: Date.now })
  const grant_key = hashId('grant')
  table.put({
    ...{ model: 'AccessToken', key: hashId(token), client: 'app', grant_key, expires_at: Date.now() },
    public_origin: null,
    body: JSON.stringify({ aud: 'http://127.0.0.1:4780/mcp', scope: 'mcp' }),
  })
  const origin = 'http://127.0.0.1:4780'
  const came = () => check(`Bearer ${token}`, '/mcp', { origin, alike: [origin], publicOrigin: null })
  expect(came()).toEqual({ refused: 'invalid_token' })
  table.putConsent(grant_key, 'app', JSON.stringify({ app: 'App', path: '/mcp', scopes: [], lasting: true, at: '' }))
  const of = { id: 'app', name: 'App', scopes: '[]', tenant: '' }
  expect(came()).toEqual({ client: of, lasts: expect.any(Function) })
})
