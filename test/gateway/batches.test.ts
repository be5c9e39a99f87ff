import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import { bothForms, messagesOf, send, tokenFor } from '../fakes/http-client.ts'
import type { RawClient } from '../fakes/raw-client.ts'

let gateway: TestGateway
let log: string

beforeEach(async () => {
  gateway = await startGateway({ policy: simplePolicy(), http: { port: 0 } })
  log = join(gateway.folder, 'odd.log')
  await gateway.addServer('odd', 'odd-server', { ODD_LOG: log })
  await gateway.addServer('notes', 'notes-server')
})
afterEach(() => gateway.close())

const greeting = (protocolVersion: string) => ({
  ...{ protocolVersion, capabilities: {}, clientInfo: { name: 'batching', version: '1' } },
})

async function client(server: string, version = '2025-03-26'): Promise<RawClient> {
  const made = gateway.connect(server)
  await made.request('initialize', greeting(version))
  made.notify('notifications/initialized')
  return made
}

/** A session over HTTP, and how a body is posted to it. */
async function session(path: string, version = '2025-03-26') {
  const { token } = await tokenFor(gateway.core)
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: bothForms }
  const port = gateway.core.httpPort ?? 0
  const body = JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params: greeting(version) })
  const first = await send(port, 'POST', path, headers, body)
  const own = { ...headers, 'mcp-session-id': String(first.headers['mcp-session-id']) }
  return (text: string, more: Record<string, string> = {}) => send(port, 'POST', path, { ...own, ...more }, text)
}

const call = (id: unknown, name: string, args: object = {}) =>
  JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: args } })
const base64 = (text: string) => Buffer.from(text).toString('base64')
const isList = (line: Buffer) => line[0] === 0x5b
const parsed = (line: Buffer | string) =>
  JSON.parse(line.toString()) as { id: unknown; result?: unknown; error?: { code: number; message: string } }[]
const arrived = () =>
  readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.includes('"toolgate-') && !line.includes('initialize'))

test('each message of a batch is decided by itself, and the answers come back as one', async () => {
  const notes = await client('notes')
  notes.write(
    `[${call(1, 'read_note')}, ${call(2, 'delete_note')},{"jsonrpc":"2.0","method":"notifications/roots/list_changed"},${call(3, 'write_note')}]`,
  )
  const view = await gateway.pending('write_note')
  expect(notes.lines.some(isList)).toBe(false)
  await gateway.answer(view, 'approve')
  const answers = parsed(await notes.line(isList))
  expect(answers.map(({ id }) => id).toSorted()).toEqual([1, 2, 3])
  expect(JSON.stringify(answers.find(({ id }) => id === 2))).toContain('POLICY_DENIED')
  expect(JSON.stringify(answers.find(({ id }) => id === 3))).toContain('write_note did')
  expect(gateway.states('delete_note')).toEqual(['decided DENY POLICY_DENIED', 'closed blocked POLICY_DENIED'])
})

test('messages of a batch arrive in their own bytes, one by one, and answers leave in theirs', async () => {
  const odd = await client('odd')
  const answer = (id: number) => ` {"result":{"n":1.50},"id":${id},"jsonrpc":"2.0" }`.trim()
  const request = (id: number) =>
    `{ "x":[1.0], "id" : ${id},"jsonrpc":"2.0","method":"vendor/new","params":{"n":1e2,"answer":"${base64(answer(id))}"}}`
  odd.write(` [ ${request(4)} ,\t${request(5)}] `)
  const line = (await odd.line(isList)).toString()
  expect([`[${answer(4)},${answer(5)}]`, `[${answer(5)},${answer(4)}]`]).toContain(line)
  expect(arrived()).toEqual(expect.arrayContaining([request(4), request(5)]))
})

test('what in a batch is no message is refused by itself; a batch of notifications gets no answer', async () => {
  const notes = await client('notes')
  notes.write('[{"jsonrpc":"2.0","method":"notifications/roots/list_changed"},{"jsonrpc":"2.0","id":99,"result":{}}]')
  notes.write(
    `[1,{"jsonrpc":"2.0","id":7,"id":8,"method":"ping"},{"jsonrpc":"2.0","method":"tools/call","params":{"name":"read_note"}},${call(9, 'read_note')}]`,
  )
  const answers = parsed(await notes.line(isList))
  expect(answers).toHaveLength(4)
  expect(answers.filter(({ error }) => error?.code === -32600)).toHaveLength(3)
  expect(JSON.stringify(answers.find(({ id }) => id === 9))).toContain('read_note did {}')
  expect(notes.lines.filter(isList)).toHaveLength(1)
  const refused = gateway.entries().filter((entry) => entry.kind === 'event' && entry.event === 'message.refused')
  expect(refused).toHaveLength(3)
})

test.each([
  ['empty', '[]', /at least one/],
  ['no JSON', '[{"jsonrpc":"2.0"', /not valid JSON/],
  [
    'too long',
    `[${Array.from({ length: 101 }, (_, id) => `{"jsonrpc":"2.0","id":${id},"method":"ping"}`).join(',')}]`,
    /100 messages at most/,
  ],
  [
    'one that begins a session',
    '[{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}]',
    /`initialize` cannot be in a batch/,
  ],
  [
    'with one id twice',
    '[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","id":1,"method":"ping"}]',
    /the same id/,
  ],
])('a batch that is %s is refused as a whole', async (_what, batch, why) => {
  const notes = await client('notes')
  const before = notes.lines.length
  notes.write(batch)
  const line = await notes.line((candidate) => notes.lines.indexOf(candidate) >= before)
  expect(JSON.parse(line.toString())).toMatchObject({
    id: null,
    error: { code: -32600, message: expect.stringMatching(why) },
  })
  expect((await notes.call('read_note')).outcome).toBe('ok')
  const refused = gateway
    .entries()
    .flatMap((entry) => (entry.kind === 'event' && entry.event === 'message.refused' ? [entry.detail] : []))
  expect(refused).toEqual([
    expect.objectContaining({ server: 'notes', bytes: batch.length, why: expect.stringMatching(why) }),
  ])
})

test('a cancelled request of a batch is not waited for', async () => {
  const notes = await client('notes')
  notes.write(`[${call(1, 'slow_read')},${call(2, 'read_note')}]`)
  await expect.poll(() => gateway.states('slow_read')).toContain('forwarding')
  await expect.poll(() => gateway.states('read_note').at(-1)).toMatch(/^closed/)
  notes.notify('notifications/cancelled', { requestId: 1 })
  expect(parsed(await notes.line(isList)).map(({ id }) => id)).toEqual([2])
})

test('a request beside a batch must not have the id of one in it', async () => {
  const notes = await client('notes')
  notes.write(`[${call(1, 'slow_read')}]`)
  notes.write(call(1, 'read_note'))
  await notes.line((line) => line.includes('still open'))
  expect(gateway.states('read_note')).toEqual([])
})

test.each(['2025-06-18', '2024-11-05', '2025-11-25'])('in a session of %s a batch is no message', async (version) => {
  const notes = await client('notes', version)
  notes.write(`[${call(1, 'read_note')}]`)
  const line = await notes.line((candidate) => candidate.includes('2025-03-26 only'))
  expect(JSON.parse(line.toString()).error.code).toBe(-32600)
  const post = await session('/mcp/notes', version)
  const { status, body } = await post(`[${call(1, 'read_note')}]`)
  expect([status, JSON.parse(body).error.message]).toEqual([400, expect.stringContaining('2025-03-26 only')])
  expect(gateway.states('read_note')).toEqual([])
})

test('what a server of 2025-03-26 sends as one arrives as several messages in their own bytes', async () => {
  const first = '{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":1.50}}'
  const answer = '{"jsonrpc":"2.0", "id":@ID@,"result":{"n":1e2}}'
  const asked = (id: number, batch: string) =>
    JSON.stringify({ jsonrpc: '2.0', id, method: 'vendor/new', params: { first: [base64(batch)], answer: '' } })
  const odd = await client('odd')
  odd.write(asked(5, `[${first} , ${answer}]`))
  await odd.line((line) => line.toString() === first)
  await odd.line((line) => line.toString() === answer.replace('@ID@', '5'))
  // In other versions it is no message, and what it would have answered fails loudly.
  const later = await client('odd', '2025-06-18')
  later.write(asked(6, `[${answer},${first}]`))
  const refused = await later.line((line) => line.includes('"id":6'))
  expect(JSON.parse(refused.toString()).error).toBeDefined()
})

test('a batch of a server that would hold everybody up is no message', async () => {
  const told = '{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":1}}'
  const odd = await client('odd')
  const batch = (count: number) => base64(`[${Array.from({ length: count }, () => told).join()}]`)
  const first = [batch(1_001), batch(1_000)]
  const answer = base64('{"jsonrpc":"2.0","id":@ID@,"result":{}}')
  odd.write(JSON.stringify({ jsonrpc: '2.0', id: 5, method: 'vendor/new', params: { first, answer } }))
  await odd.line((line) => line.includes('"id":5'))
  expect(odd.lines.filter((line) => line.toString() === told)).toHaveLength(1_000)
})

test.each(['/mcp/notes', '/mcp'])(
  'over HTTP, at %s, answers come as one body or as events of one stream',
  async (path) => {
    const post = await session(path)
    const name = (tool: string) => (path === '/mcp' ? `notes__${tool}` : tool)
    const batch = `[${call(1, name('read_note'))},\r\n${call(2, name('delete_note'))},{"jsonrpc":"2.0","method":"tools/call"}]`
    const body = await post(batch, { accept: 'application/json' })
    expect([body.status, body.headers['content-type']]).toEqual([200, 'application/json'])
    const ids = (answers: { id: unknown }[]) => answers.map(({ id }) => id).toSorted()
    expect(ids(parsed(body.body))).toEqual([1, 2, null])
    const events = await post(batch)
    expect(events.headers['content-type']).toBe('text/event-stream')
    expect(ids(messagesOf(events).map((message) => JSON.parse(message)))).toEqual([1, 2, null])
    const told = await post('[{"jsonrpc":"2.0","method":"notifications/roots/list_changed"}]')
    expect([told.status, told.body]).toEqual([202, ''])
    expect((await post('[]')).status).toBe(400)
  },
)
