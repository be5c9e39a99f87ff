import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Notification } from '../../src-main/core/ports.ts'
import { instancePaths } from '../../src-main/host/paths.ts'
import { startGateway } from '../fakes/gateway.ts'

/** Seed 002's file about a tool, with what it wants people to be told of. */
const toolFile = `tool: db.read_query
constraints:
  read_only: true
  max_rows: 2
  blocked_tables: [secrets]
dlp:
  scan_response: true
  mask_fields: [email]
audit:
  alert_on: [blocked_table_attempt, large_result_set]
`

test('a per-tool file holds its tool to all that it says, and people are told of what it asks to be told of', async () => {
  const profile = join(realpathSync(mkdtempSync(join(tmpdir(), 'toolgate-'))), 'profile')
  const { policy } = instancePaths(profile)
  mkdirSync(policy, { recursive: true, mode: 0o700 })
  writeFileSync(join(policy, 'read-query.yaml'), toolFile)
  const told: Notification[] = []
  const gateway = await startGateway({ profile, ports: { notify: (notification) => told.push(notification) } })
  onTestFinished(async () => {
    await gateway.close()
    rmSync(join(profile, '..'), { recursive: true, force: true })
  })
  await gateway.addServer('db', 'sqlite-server', {}, { dialect: 'sqlite' })
  const client = gateway.connect('db')
  await client.initialize()
  const query = async (sql: string) => client.call('read_query', { sql })

  expect((await query('SELECT id, email FROM users LIMIT 2')).text).toBe(
    '[{"id":1,"email":"[masked]"},{"id":2,"email":"[masked]"}]',
  )
  const raised = () =>
    gateway
      .entries()
      .flatMap((entry) => (entry.kind === 'event' && entry.event === 'alert.raised' ? [entry.detail] : []))
  expect(raised()).toEqual([])
  expect((await query('SELECT word FROM secrets LIMIT 1')).outcome).toBe('CONSTRAINT_VIOLATED')
  expect((await query('SELECT note FROM notes LIMIT 1')).outcome).toBe('CONSTRAINT_VIOLATED')
  // Breaking another bound is refused too, and nobody wanted to hear of it.
  expect((await query('DELETE FROM users')).outcome).toBe('CONSTRAINT_VIOLATED')
  expect(raised()).toMatchObject([
    { kind: 'blocked_table_attempt', server: 'db', tool: 'read_query', client: 'raw-client' },
    { kind: 'blocked_table_attempt' },
  ])
  const heard = told.filter(({ title }) => title === 'something that a policy watches for')
  expect(heard.map(({ body }) => body)).toEqual(['a client asked `db` for a table that policy blocks'])
})
