import { afterEach, expect, test } from 'vitest'
import type { Settings } from '../../shared/settings.ts'
import type { Ports } from '../../src-main/core/ports.ts'
import { person, simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import { movedClock } from '../fakes/moved-clock.ts'
import type { RawClient } from '../fakes/raw-client.ts'

let gateway: TestGateway

afterEach(async () => {
  await gateway.close()
})

async function begin(settings: Partial<Settings>, ports: Partial<Ports> = {}, http?: { port: number }) {
  gateway = await startGateway({ policy: simplePolicy(), settings, ports, ...(http && { http }) })
  await gateway.addServer('notes', 'notes-server')
  const client = gateway.connect('notes')
  await client.initialize()
  return client
}

const call = { name: 'write_note', arguments: { text: 'x' } }
type Refusal = { code: string; retry?: string; retry_after_sec?: number; approval_id?: string; expires_at?: string }
const refusalIn = (line: Buffer): Refusal => JSON.parse(line.toString()).result._meta['dev.toolgate/refusal']
const news = (client: RawClient) =>
  client.lines
    .map((line) => JSON.parse(line.toString()))
    .filter(({ method }) => method === 'notifications/progress')
    .map(({ params }) => params as { progressToken: unknown; progress: number; message?: string })

test('a client is told to retry before its own time is up, in words and for programs; the retry joins the request', async () => {
  const client = await begin({ client_timeouts: { 'raw-client': 0.3 }, hold_sec: 3600 })
  const asked = client.request('tools/call', call)
  const view = await gateway.pending('write_note')
  const { result } = await asked
  expect(result?.isError).toBe(true)
  expect(result?._meta?.['dev.toolgate/refusal']).toMatchObject({
    ...{ code: 'APPROVAL_PENDING', retry: 'same_call', retry_after_sec: 5 },
    ...{ approval_id: view.id, expires_at: view.expires_at },
  })
  expect(result?.content?.[0]?.text).toMatch(/make exactly the same call again/)
  const retry = client.request('tools/call', call)
  await expect.poll(async () => (await gateway.pending('write_note')).waiting).toBe(1)
  const again = await gateway.pending('write_note')
  expect(again.id).toBe(view.id)
  await gateway.answer(again, 'approve')
  expect((await retry).result?.isError).toBeUndefined()
})

test('who asked for news of progress gets them while they wait, below all that the server says later', async () => {
  const client = await begin({ heartbeat_sec: 0.05, client_timeouts: { 'raw-client': { seconds: 1, resets: true } } })
  for (const token of ['"a"', '7', '1.0']) {
    client.write(
      `{"jsonrpc":"2.0","id":${token},"method":"tools/call","params":{"name":"write_note","arguments":{"text":${JSON.stringify(token)}},"_meta":{"progressToken":${token}}}}`,
    )
  }
  const told = () => news(client).filter(({ progressToken }) => progressToken === 'a').length
  await expect.poll(told, { timeout: 10_000 }).toBeGreaterThan(25)
  const said = news(client)
  for (const token of ['a', 7, 1]) {
    const own = said.filter(({ progressToken }) => progressToken === token)
    expect(own.length).toBeGreaterThan(3)
    expect(own.map(({ progress }) => progress)).toEqual(own.map((_, index) => -1 / (index + 1)))
    expect(own[0]?.message).toMatch(/^waiting for approval: notes › write_note, \d+ s left$/)
  }
  expect(client.lines.filter((line) => line.includes('"progressToken":1.0')).length).toBeGreaterThan(3)
  // They waited longer than a client would without news, and all of them still do.
  const views = await gateway.core.handlers['approvals.list']({}, person)
  expect(
    views.map(({ waiting, caller_waits_until, expires_at }) => [waiting, caller_waits_until === expires_at]),
  ).toEqual(views.map(() => [1, true]))
  for (const view of views) await gateway.answer(view, 'deny')
})

test('news do not keep a call of a client that does not go by them, nor go out to who did not ask', async () => {
  const client = await begin({ heartbeat_sec: 0.05, client_timeouts: { 'raw-client': 0.6 } })
  client.write(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: call }))
  expect(refusalIn(await client.line((line) => line.includes('"id":1,"result"')))).toMatchObject({
    code: 'APPROVAL_PENDING',
  })
  expect(news(client)).toEqual([])
  client.write(
    JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'tools/call', params: { ...call, _meta: { progressToken: 2 } } }),
  )
  expect(refusalIn(await client.line((line) => line.includes('"id":2,"result"')))).toMatchObject({
    code: 'APPROVAL_PENDING',
  })
  expect(news(client).length).toBeGreaterThan(1)
})

test('a call that is decided again is not held longer for that', async () => {
  const { clock, advance } = movedClock()
  const client = await begin({ hold_sec: 600 }, { clock })
  const asked = client.call('write_note', { text: 'x' })
  await gateway.pending('write_note')
  advance(400_000)
  await gateway.approveServer('notes')
  await expect.poll(() => gateway.states('write_note').filter((state) => state === 'held').length).toBe(2)
  await expect.poll(async () => (await gateway.pending('write_note')).waiting).toBe(1)
  advance(190_000)
  expect((await gateway.pending('write_note')).waiting).toBe(1)
  advance(11_000)
  expect((await asked).outcome).toBe('APPROVAL_PENDING')
})

test('with nothing that could show it, a call is refused at once, and says what to open', async () => {
  let how: string | null = null
  const { clock, advance } = movedClock()
  const client = await begin({ hold_sec: 3600 }, { clock, prompts: () => ({ how, problem: 'open something' }) })
  // Somebody who approved the server was just here.
  const asked = client.call('write_note', { text: 'x' })
  await gateway.answer(await gateway.pending('write_note'), 'deny')
  expect((await asked).outcome).toBe('APPROVAL_DENIED')

  advance(601_000)
  const { outcome, text } = await client.call('write_note', { text: 'x' })
  expect(outcome).toBe('APPROVAL_UNREACHABLE')
  expect(text).toMatch(/open Toolgate to approve: `toolgate open`/)
  expect(gateway.states('write_note').slice(-2)).toEqual([
    'decided REQUIRE_APPROVAL',
    'closed unreachable APPROVAL_UNREACHABLE',
  ])
  const door = { name: 'app', present: false, pid: null } as const
  const status = await gateway.core.handlers.status({}, { name: 'terminal', present: false, pid: 1 })
  expect(status.prompts).toEqual({ how: [], problem: 'open something' })

  // A page that asks for anything is a page that can show it; so is a host that gets a window.
  await gateway.core.handlers.status({}, door)
  const held = client.call('write_note', { text: 'y' })
  await gateway.answer(await gateway.pending('write_note'), 'approve')
  expect((await held).outcome).toBe('ok')
  advance(601_000)
  expect((await client.call('write_note', { text: 'z' })).outcome).toBe('APPROVAL_UNREACHABLE')
  how = 'a window'
  const shown = client.call('write_note', { text: 'z' })
  await gateway.answer(await gateway.pending('write_note'), 'deny')
  expect((await shown).outcome).toBe('APPROVAL_DENIED')
})

test('a yes that came late counts where nothing could show the call any more', async () => {
  let how: string | null = 'a window'
  const client = await begin({ hold_sec: 0.1 }, { prompts: () => ({ how, problem: null }) })
  expect((await client.call('write_note', { text: 'x' })).outcome).toBe('APPROVAL_PENDING')
  await gateway.answer(await gateway.pending('write_note'), 'approve')
  how = null
  expect((await client.call('write_note', { text: 'x' })).outcome).toBe('ok')
})

test('a yes that came late counts in its session alone, and another session of the client is told that there is one', async () => {
  const client = await begin({ hold_sec: 0.1 })
  const first = await client.call('write_note', { text: 'x' })
  expect(first.text).toContain('lets exactly this call run once in this session')
  expect(first.text).not.toContain('another session')
  await gateway.answer(await gateway.pending('write_note'), 'approve')

  const anew = gateway.connect('notes')
  await anew.initialize()
  const held = await anew.call('write_note', { text: 'x' })
  expect([held.outcome, held.text]).toEqual([
    'APPROVAL_PENDING',
    expect.stringContaining('A yes to exactly this call exists, for another session of this client'),
  ])
  expect((await anew.call('write_note', { text: 'y' })).text).not.toContain('another session')
  expect((await client.call('write_note', { text: 'x' })).outcome).toBe('ok')
  expect((await anew.call('write_note', { text: 'x' })).text).not.toContain('another session')
})

test('people who only look now and then may have calls wait all the same', async () => {
  const { clock, advance } = movedClock()
  const prompts = () => ({ how: null, problem: null })
  const client = await begin({ hold_without_host: true }, { clock, prompts })
  advance(601_000)
  const asked = client.call('write_note', { text: 'x' })
  await gateway.answer(await gateway.pending('write_note'), 'approve')
  expect((await asked).outcome).toBe('ok')
})
