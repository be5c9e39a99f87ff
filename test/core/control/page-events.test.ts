import { afterAll, beforeAll, expect, test } from 'vitest'
import { simplePolicy, startGateway, type TestGateway } from '../../fakes/gateway.ts'
import { attachPage, openPage } from '../../fakes/page.ts'
import type { RawClient } from '../../fakes/raw-client.ts'

let gateway: TestGateway
let client: RawClient

beforeAll(async () => {
  gateway = await startGateway({ policy: simplePolicy() })
  await gateway.addServer('notes', 'notes-server')
  client = gateway.connect('notes')
  await client.initialize()
})
afterAll(() => gateway.close())

test('the app hears of a call as it goes, and can ask for all of it', async () => {
  const app = openPage(gateway.core.pages, 'app')
  await client.call('read_note', {})
  const event = await app.hears(({ calls }) => calls?.some(({ state }) => state === 'closed') === true)
  const [row] = event.calls ?? []
  expect(row).toMatchObject({
    ...{ server: 'notes', tool: 'read_note', action: 'read', decision: 'ALLOW', outcome: 'executed' },
    ...{ rules: ['allow-reads'], state: 'closed' },
  })
  const detail = await app.call('activity.call', { call_id: row?.call_id })
  expect(detail.row).toEqual(row)
  expect(detail.records.map(({ state }) => state)).toEqual(['decided', 'forwarding', 'closed'])
  expect(detail.records[0]?.hash).toBe(detail.records[1]?.prev_hash)
  expect(detail).toMatchObject({ in_force: true, rules: [{ id: 'allow-reads', file: 'rules.yaml', line: 3 }] })
  expect(await app.refusal('activity.call', { call_id: 'call_none' })).toBe('NOT_FOUND')
})

test('a held call changes what the approval page shows, and never tells it of calls', async () => {
  const page = openPage(gateway.core.pages, 'approval', 'native')
  const outcome = client.call('write_note', { text: 'x' })
  const view = await gateway.pending('write_note')
  await page.hears(({ changed }) => changed.includes('approvals'))
  const before = page.events.length
  await gateway.answer(view, 'deny')
  await outcome
  await page.hears(({ changed }) => changed.includes('approvals') && page.events.length > before)
  expect(page.events.filter(({ calls }) => calls !== undefined)).toEqual([])
})

test('a page that was away is told nothing, and finds everything by asking', async () => {
  const app = openPage(gateway.core.pages, 'app')
  const { rows: before } = await app.call('activity.calls', { limit: 500 })
  app.drop()
  await client.call('read_note', {})
  await client.call('delete_note', {})
  const again = attachPage(app.session)
  const { rows, next } = await again.call('activity.calls', { limit: 500 })
  expect(app.events).toEqual([])
  expect(next).toBeNull()
  expect(rows.slice(2)).toEqual(before)
  expect(rows.slice(0, 2)).toMatchObject([
    { tool: 'delete_note', outcome: 'blocked', reason_code: 'POLICY_DENIED', rules: ['deny-destructive'] },
    { tool: 'read_note', outcome: 'executed' },
  ])
})

test('pages of the list follow each other without gap or double', async () => {
  const app = openPage(gateway.core.pages, 'app')
  for (let i = 0; i < 7; i++) await client.call('read_note', {})
  const { rows: all } = await app.call('activity.calls', { limit: 500 })
  const paged = []
  for (let before: number | null = Number.MAX_SAFE_INTEGER; before !== null; ) {
    const page: Awaited<ReturnType<typeof app.call<'activity.calls'>>> = await app.call('activity.calls', {
      limit: 3,
      before,
    })
    paged.push(...page.rows)
    before = page.next
  }
  expect(paged).toEqual(all)
  expect(all.length).toBeGreaterThan(8)
})

test('many calls in one moment are told as the newest of them and that some were missed', async () => {
  const app = openPage(gateway.core.pages, 'app')
  await Promise.all(Array.from({ length: 400 }, () => client.call('read_note', {})))
  await app.hears(({ calls }) => calls?.at(-1)?.state === 'closed')
  expect(Math.max(...app.events.map(({ calls = [] }) => calls.length))).toBeLessThanOrEqual(100)
  const seen = new Set(app.events.flatMap(({ calls = [] }) => calls.map(({ call_id }) => call_id)))
  if (seen.size < 400) expect(app.events.some(({ missed }) => missed)).toBe(true)
})

test('definitions and policy files are shown as they are, a changed tool with what it became', async () => {
  const app = openPage(gateway.core.pages, 'app')
  const [file] = await app.call('policy.files')
  expect(file).toMatchObject({ path: 'rules.yaml', origin: 'local', text: simplePolicy() })
  const tools = await app.call('servers.definitions', { name: 'notes' })
  expect(tools.map(({ name, held }) => [name, held])).toContainEqual(['read_note', null])
  expect(JSON.parse(tools[0]?.pinned ?? '')).toMatchObject({ name: tools[0]?.name })
  expect(await app.call('audit.verify')).toMatchObject({ ok: true, first_bad: null })
})
