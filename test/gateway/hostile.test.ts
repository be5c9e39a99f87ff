import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { person, simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import { addMixed } from '../fakes/mixed.ts'
import type { RawClient } from '../fakes/raw-client.ts'

let gateway: TestGateway
let folder: string

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hostile-'))
  gateway = await startGateway({ policy: simplePolicy() })
})
afterEach(async () => {
  await gateway.close()
  rmSync(folder, { recursive: true, force: true })
})

const log = () => join(folder, 'log')
const arrived = () => readFileSync(log(), 'utf8')

async function evil(trick: string): Promise<RawClient> {
  writeFileSync(log(), '')
  const when = join(folder, 'when')
  await gateway.addServer('evil', 'evil-server', { EVIL: trick, EVIL_LOG: log(), EVIL_WHEN: when })
  writeFileSync(when, '')
  writeFileSync(log(), '')
  const client = gateway.connect('evil')
  await client.initialize()
  return client
}

test.each(['two lists', 'two spellings', 'two descriptions', 'request and answer'])(
  'a list of tools that two clients read differently is not passed on: %s',
  async (trick) => {
    const client = await evil(trick)
    const answer = client.request('tools/list')
    await client.line((line) => line.includes('MALFORMED_MESSAGE') || line.includes('POISON')).catch(() => {})
    answer.catch(() => {})
    expect(client.lines.map(String).join('\n')).not.toContain('POISON')
    expect((await client.call('read_note')).outcome).not.toBe('tool_error')
  },
)

test('nothing that a server writes ends the gateway', async () => {
  const client = await evil('bad ids')
  await client.request('tools/list')
  expect((await client.call('read_note')).outcome).toBe('ok')
  expect((await gateway.core.handlers.status({}, person)).sessions).toBe(1)
})

test('a server that says what is nested too deep to compare, and ends, takes nobody with it', async () => {
  const client = await evil('deep')
  await gateway.addServer('notes', 'notes-server')
  expect((await client.call('read_note')).outcome).toBe('ok')
  expect((await client.call('read_note', { end: true })).outcome).toBe('SERVER_EXITED')
  expect((await client.call('read_note')).outcome).toBe('SERVER_EXITED')
  // Where all servers come together, it is the one that is missing.
  const all = gateway.connect('', ['--all'])
  expect((await all.initialize()).error).toBeUndefined()
  expect((await all.call('notes__read_note', { text: 'n' })).outcome).toBe('ok')
})

test('the words of a server do not become ours', async () => {
  const client = await evil('words')
  const refused = await client.call('read_note')
  expect(refused.outcome).toBe('SERVER_START_FAILED')
  expect(refused.text).not.toContain('POISON')
})

test('a server whose tools never stand still is not asked for ever', async () => {
  const client = await evil('never still')
  expect((await client.call('read_note')).outcome).toBe('SERVER_EXITED')
})

test.each([
  ['without an id', '{"jsonrpc":"2.0","method":"tools/call","params":{"name":"read_note"}}'],
  ['with a null id', '{"jsonrpc":"2.0","id":null,"method":"tools/call","params":{"name":"read_note"}}'],
  ['dressed as an answer', '{"jsonrpc":"2.0","id":5,"method":"tools/call","result":{},"params":{"name":"read_note"}}'],
  [
    'in the spelling of another parser',
    '{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"read_note"},"param\u017f":{"name":"x"}}',
  ],
  [
    'with arguments in two spellings',
    '{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"read_note","arguments":{"path":"a","Path":"b"}}}',
  ],
  ['of an unknown kind without an id', '{"jsonrpc":"2.0","method":"vendor/run","params":{}}'],
])('a call %s goes nowhere', async (_what, text) => {
  const client = await evil('nothing')
  client.write(text)
  await client.line((line) => line.includes('MALFORMED_MESSAGE'))
  await client.request('ping')
  expect(arrived()).not.toMatch(/tools\/call|vendor\/run/)
  expect(gateway.entries().some((entry) => entry.kind === 'event' && entry.event === 'message.refused')).toBe(true)
})

test('while stopped, notifications go nowhere either', async () => {
  const client = await evil('nothing')
  await gateway.core.handlers.stop({ reason: 'test' }, person)
  client.notify('notifications/roots/list_changed')
  expect((await client.request('ping')).error?.data?.code).toBe('STOPPED')
  expect(arrived()).not.toContain('roots/list_changed')
})

test('while stopped, nothing of a server reaches its client, not even an answer to what was open', async () => {
  await addMixed(gateway, 'talks', { tools: ['read'], resources: ['a://b'], tickMs: 20, listMs: 300 })
  const client = gateway.connect('talks')
  await client.initialize()
  await client.line((line) => line.includes('tick'))
  const open = client.request('resources/list')
  await gateway.core.handlers.stop({ reason: 'test' }, person)
  await client.request('ping')
  const told = client.lines.filter((line) => line.includes('tick')).length
  expect((await open).error?.data?.code).toBe('STOPPED')
  expect(client.lines.filter((line) => line.includes('tick'))).toHaveLength(told)
  await gateway.core.handlers.resume({}, person)
  expect((await client.request('resources/list')).result).toMatchObject({ resources: [{ uri: 'a://b' }] })
  expect(client.lines.filter((line) => line.includes('tick')).length).toBeGreaterThan(told)
})

test('a client that changes its claimed name keeps the first', async () => {
  const client = await evil('nothing')
  const held = client.request('tools/call', { name: 'no_such', arguments: {} })
  await client.request('initialize', {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'Cursor', version: '1' },
  })
  await held
  expect(gateway.entries().flatMap((entry) => (entry.kind === 'call' ? [entry.agent_name] : []))).not.toContain(
    'Cursor',
  )
})

test('instructions that were approved pass; others are held until a person has seen them', async () => {
  const client = await evil('nothing')
  expect(client.lines.map(String).join('')).toContain('Be kind')
})

test('instructions that changed since the review do not reach the model', async () => {
  const client = await evil('instructions')
  expect(client.lines.map(String).join('')).toContain('"instructions":""')
  expect(client.lines.map(String).join('')).not.toContain('POISON')
  expect((await gateway.core.handlers['servers.list']({}, person))[0]?.state).toBe('changed')
})
