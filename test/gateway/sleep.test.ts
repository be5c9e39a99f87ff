import { afterEach, beforeEach, expect, test } from 'vitest'
import { person, simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import { movedClock } from '../fakes/moved-clock.ts'
import { until } from '../fakes/processes.ts'
import { beginEvents, scriptedServer } from '../fakes/remote-server.ts'

let gateway: TestGateway
let advance: (ms: number) => void
let woke: () => void
let jump = 0

beforeEach(async () => {
  jump = 0
  const moved = movedClock()
  advance = moved.advance
  const clock = { ...moved.clock, now: () => Date.now() + jump }
  const onWake = (fn: () => void) => {
    woke = fn
  }
  gateway = await startGateway({
    ...{ policy: simplePolicy(), settings: { hold_sec: 3600 }, ports: { clock, onWake } },
  })
})
afterEach(() => gateway.close())

/** As where sleep stops the monotonic clock: the wall clock jumps, and the next tick notices. */
function sleep(ms: number): void {
  jump += ms
  advance(5_000)
}

test('a stream of a server over HTTP is taken up anew where it ended, and nothing goes out on an old connection', async () => {
  const server = await scriptedServer()
  await gateway.addRemote('far', server.url)
  const streams: unknown[] = []
  server.answer((got, res) => {
    if (got.method !== 'GET') return false
    streams.push(got.headers['last-event-id'])
    const news = '{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"hello"}}'
    return beginEvents(res)(`retry: 20\nid: e7\ndata: ${news}\n\n`)
  })
  const client = gateway.connect('far')
  await client.initialize()
  await client.line((line) => line.includes('hello'))
  sleep(3_600_000)
  await until('it listens again', () => streams.length === 2)
  expect(streams).toEqual([undefined, 'e7'])
  expect((await client.call('read_script')).outcome).toBe('ok')
  woke()
  await until('and again', () => streams.length === 3)
})

test('the one stream of the oldest transport is replaced by a new connection, without a word to the client', async () => {
  let write = (_text: string): unknown => null
  let streams = 0
  const server = await scriptedServer((got, res) => {
    if (got.method === 'GET') {
      streams++
      write = beginEvents(res)
      return write(`event: endpoint\ndata: /post?session=${streams}\n\n`)
    }
    if (got.path === '/mcp') return res.writeHead(405).end()
    res.writeHead(202).end()
    const { id, method } = got.json
    if (id === undefined) return
    const serverInfo = { name: 's', version: '1' }
    const result =
      method === 'initialize'
        ? { protocolVersion: '2024-11-05', capabilities: { tools: {} }, serverInfo }
        : { tools: [{ name: 'read_old', inputSchema: {}, annotations: { readOnlyHint: true } }], content: [] }
    return write(`data: ${JSON.stringify({ jsonrpc: '2.0', id, result })}\n\n`)
  })
  await gateway.addRemote('old', server.url)
  const client = gateway.connect('old')
  await client.initialize()
  expect((await client.call('read_old')).outcome).toBe('ok')
  const before = streams
  sleep(60_000)
  expect((await client.call('read_old')).outcome).toBe('ok')
  expect(streams).toBe(before + 1)
  expect(server.got.at(-1)?.path).toBe(`/post?session=${streams}`)
  expect(await gateway.core.handlers['servers.runs']({}, person)).toMatchObject([{ state: 'running', ends: 0 }])
})

test('a question whose time ran out while this machine slept is over when it wakes; one with time left ends at its own moment', async () => {
  await gateway.addServer('notes', 'notes-server')
  const client = gateway.connect('notes')
  await client.initialize()
  const asked = async () => {
    const answer = client.call('write_note', { text: String(jump) })
    return { answer, view: await gateway.pending('write_note') }
  }
  const first = await asked()
  sleep(590_000)
  expect(await gateway.pending('write_note')).toMatchObject({ id: first.view.id })
  advance(6_000)
  expect((await first.answer).outcome).toBe('APPROVAL_EXPIRED')
  const second = await asked()
  sleep(601_000)
  expect((await second.answer).outcome).toBe('APPROVAL_EXPIRED')
  // The client's link and its server are as they were.
  expect((await client.call('read_note')).outcome).toBe('ok')
})
