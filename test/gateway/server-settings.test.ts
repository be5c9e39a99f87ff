import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { person, simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import { runs, until } from '../fakes/processes.ts'
import { scriptedServer } from '../fakes/remote-server.ts'

let gateway: TestGateway

beforeEach(async () => {
  gateway = await startGateway({ policy: simplePolicy() })
  await gateway.addServer('frail', 'frail-server', { FRAIL_LOG: log('first'), KEEP: 'kept' })
  await gateway.addServer('notes', 'notes-server')
})
afterEach(() => gateway.close())

const log = (name: string) => join(gateway.folder, `${name}.log`)
const set: TestGateway['core']['handlers']['servers.set'] = (input) =>
  gateway.core.handlers['servers.set'](input, person)
const stateIn = ({ text }: { text: string }) => JSON.parse(text) as { pid: number; calls: number }
const run = async () => (await gateway.core.handlers['servers.runs']({}, person))[0]

async function client(server = 'frail') {
  const made = gateway.connect(server)
  await made.initialize()
  return made
}

test('a changed variable: refused until it is approved again, then taken up at the next quiet moment, in the same session', async () => {
  const [frail, notes] = [await client(), await client('notes')]
  const first = stateIn(await frail.call('read_state'))
  const changed = await set(
    { name: 'frail', launch: { transport: 'stdio', env: { FRAIL_LOG: log('second') } } },
    person,
  )
  expect(changed).toMatchObject({ state: 'changed', changed: ['launch'], launch: { env_names: ['FRAIL_LOG', 'KEEP'] } })
  expect((await frail.call('read_state')).outcome).toBe('SERVER_CHANGED')

  await gateway.approveServer('frail')
  writeFileSync(log('first'), '')
  const second = stateIn(await frail.call('read_state'))
  expect(second.pid).not.toBe(first.pid)
  await until('the old process is gone', () => !runs(first.pid))
  expect(readFileSync(log('first'), 'utf8')).toBe('')
  expect(readFileSync(log('second'), 'utf8')).toContain(`tools/call ${second.pid}`)
  // Sessions of other servers hear nothing of it.
  expect((await notes.call('read_note')).outcome).toBe('ok')
  expect((await run())?.ends).toBe(0)
})

test('what is under way ends first: an outdated process lives until its calls are answered', async () => {
  const frail = await client()
  const { pid } = stateIn(await frail.call('read_state'))
  const held = frail.call('held_read')
  await until('it arrived', () => readFileSync(log('first'), 'utf8').split('tools/call').length === 3)
  const [view] = await gateway.core.handlers['servers.list']({}, person)
  expect(view?.state).toBe('approved')
  // Approved beside it by another approval, as a person does who edits while calls run.
  await set({ name: 'frail', launch: { transport: 'stdio', env: { KEEP: null } } }, person)
  await gateway.approveServer('frail')
  expect(await run()).toMatchObject({ outdated: 1, processes: [{ pid }] })
  expect(runs(pid)).toBe(true)
  frail.notify('notifications/cancelled', { requestId: 'raw-3' })
  await until('the old process is gone', () => !runs(pid))
  expect((await frail.call('read_state')).outcome).toBe('ok')
  await Promise.race([held, frail.request('ping')])
})

test('another program or another origin does not get the secrets of the one before', async () => {
  await set({ name: 'frail', launch: { transport: 'stdio', args: ['-e', ''] } }, person)
  const [same] = await gateway.core.handlers['servers.list']({}, person)
  expect(same?.launch).toMatchObject({ env_names: ['FRAIL_LOG', 'KEEP'] })
  const other = await set({ name: 'frail', launch: { transport: 'stdio', command: '/bin/sh' } }, person)
  expect(other.launch).toMatchObject({ command: '/bin/sh', env_names: [] })

  const server = await scriptedServer()
  await gateway.addRemote('remote', server.url, { 'x-key': 'secret' })
  const path = await set({ name: 'remote', launch: { transport: 'http', url: `${server.url}/other` } }, person)
  expect(path.launch).toMatchObject({ header_names: ['x-key'] })
  const origin = server.url.replace('127.0.0.1', 'localhost')
  const moved = await set({ name: 'remote', launch: { transport: 'http', url: origin } }, person)
  expect(moved).toMatchObject({ state: 'changed', launch: { header_names: [] } })
})

test('another judgement has to be approved again; the same one changes nothing', async () => {
  expect((await set({ name: 'frail', trust_level: 'restricted' }, person)).state).toBe('approved')
  expect((await set({ name: 'frail', trust_level: 'trusted' }, person)).state).toBe('registered')
  expect((await (await client()).request('ping')).error?.data?.code).toBe('SERVER_NOT_APPROVED')
  expect(existsSync(log('first'))).toBe(true)
  const finding = await gateway.approveServer('frail')
  expect(finding.map(({ status }) => status)).toEqual(['unchanged', 'unchanged', 'unchanged'])
})

test('a program does not become an address', async () => {
  const change = set({ name: 'frail', launch: { transport: 'http', url: 'https://example.com/mcp' } }, person)
  await expect(change).rejects.toThrow('a program cannot become an address')
})
