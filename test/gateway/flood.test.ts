import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { askingPolicy, person, startGateway, type TestGateway } from '../fakes/gateway.ts'
import { modernMeta } from '../fakes/http-client.ts'
import { movedClock } from '../fakes/moved-clock.ts'
import { runs } from '../fakes/processes.ts'
import { outcomeOf, type RawClient } from '../fakes/raw-client.ts'

let gateway: TestGateway
afterEach(() => gateway.close())

async function flooding(options: Parameters<typeof startGateway>[0] = {}): Promise<RawClient> {
  gateway = await startGateway({ policy: askingPolicy(), ...options })
  await gateway.addServer('flood', 'flooding-server')
  const client = gateway.connect('flood')
  await client.initialize()
  return client
}

type Heard = { answers: number; refusals: Record<string, number> }
/** What the server got for what it asked; all of it, as answers come in their order. */
const heard = async (client: RawClient) => (await client.request('flood/answers')).result as unknown as Heard
const run = async () => (await gateway.core.handlers['servers.runs']({}, person))[0]

test('a server that asks without end and reads nothing is ended, which counts as its own doing', async () => {
  const client = await flooding()
  const flood = await client.call('read_flood', { method: 'roots/list' })
  expect(flood).toEqual({ outcome: 'SERVER_EXITED', text: expect.stringContaining('it asks and does not read') })
  await expect.poll(run).toMatchObject({ ends: 1, last_end: { how: expect.stringContaining('it asks and does not') } })
  expect((await client.call('read_flood', { asks: 1 })).outcome).toBe('ok')
})

test('so is one that asks what Toolgate answers itself, for a client of the other generation', async () => {
  gateway = await startGateway({ policy: askingPolicy() })
  await gateway.addServer('flood', 'flooding-server')
  const call = { name: 'read_flood', arguments: {}, _meta: modernMeta }
  const flood = outcomeOf(await gateway.connect('flood').request('tools/call', call))
  expect(flood).toEqual({ outcome: 'SERVER_EXITED', text: expect.stringContaining('it asks and does not read') })
})

test('a server that asks thousands of times before it reads on gets every answer, and what it did not read', async () => {
  const client = await flooding()
  const flood = client.call('read_flood', { asks: 3_000, method: 'roots/list' })
  // It writes on while this fills its input: who would hold back its output now waits for ever.
  client.notify('notifications/long', { text: 'x'.repeat(8 << 20) })
  expect((await flood).outcome).toBe('ok')
  const { answers, refusals } = await heard(client)
  expect([answers, Object.entries(refusals)]).toEqual([
    3_000 - 64,
    [[expect.stringContaining('64 requests are open'), 3_000 - 64]],
  ])
  expect(await run()).toMatchObject({ ends: 0 })
})

test('what a server asks is kept in mind up to a bound, and not once it is taken back', async () => {
  const client = await flooding()
  await client.call('read_flood', { asks: 3_000, cancel: true })
  expect(await heard(client)).toEqual({ answers: 0, refusals: {} })
  await client.call('read_flood', { asks: 1_002, from: 10_000 })
  const { refusals } = await heard(client)
  expect(Object.entries(refusals)).toEqual([[expect.stringContaining('1000 requests are open already'), 2]])
})

test('a question under a very long id is refused, and reaches nobody', async () => {
  const client = await flooding()
  await client.call('read_flood', { asks: 1, pad: 1_024 })
  await client.call('read_flood', { asks: 1, pad: 1_000 })
  const { refusals } = await heard(client)
  expect(Object.entries(refusals)).toEqual([[expect.stringContaining('has 1024 characters at most'), 1]])
  expect(client.lines.filter((line) => line.includes('"ping"'))).toHaveLength(1)
})

test('who takes back a question that goes by another id says so of that', async () => {
  const client = await flooding()
  await client.call('read_flood', { asks: 1, from: 7 })
  await gateway.core.handlers['servers.restart']({ name: 'flood' }, person)
  await client.call('read_flood', { asks: 1, from: 7, cancel: true })
  const asked = JSON.parse(String(await client.line((line) => line.includes('"toolgate-asked-'))))
  expect(asked).toMatchObject({ method: 'ping', id: expect.stringMatching(/^toolgate-asked-/) })
  const cancelled = client.lines.map((line) => JSON.parse(String(line))).filter(({ params }) => params?.requestId)
  expect(cancelled.map(({ params }) => params.requestId)).toEqual([7, asked.id])
})

/** Writes a text again and again until nothing is taken for a while; gives how often it was. */
async function untilStuck(input: Writable, text: string, most: number): Promise<number> {
  for (let written = 1; written <= most; written++) {
    if (input.write(text)) continue
    const taken = await Promise.race([once(input, 'drain'), setTimeout(2_000, null)])
    if (taken === null) return written
  }
  return most
}

test('a client that asks without end and reads nothing is not read from, and gets every answer once it reads', async () => {
  const client = await flooding({ settings: { calls_per_session: 1 } })
  const { stdin, stdout } = client.process
  client.write(
    '{"jsonrpc":"2.0","id":"held","method":"tools/call","params":{"name":"read_flood","arguments":{"hangs":1}}}',
  )
  await expect.poll(async () => (await client.request('ping')).error?.data?.code).toBe('LIMIT_REACHED')
  stdout?.pause()
  client.lines.length = 0
  const most = 1_000
  const written = await untilStuck(
    stdin as Writable,
    '{"jsonrpc":"2.0","id":"p","method":"ping"}\n'.repeat(1_000),
    most,
  )
  expect(written).toBeLessThan(most)
  stdout?.resume()
  await expect.poll(() => client.lines.length, { timeout: 60_000 }).toBe(written * 1_000)
})

test('a server that hangs does not outlive its client, also when that is not read from any more', async () => {
  const { clock, advance } = movedClock()
  const client = await flooding({ ports: { clock } })
  client.write(
    '{"jsonrpc":"2.0","id":"held","method":"tools/call","params":{"name":"read_flood","arguments":{"hangs":1}}}',
  )
  const pid = (await run())?.processes[0]?.pid ?? 0
  const long = '{"jsonrpc":"2.0","method":"notifications/long"}\n'.repeat(10_000)
  expect(await untilStuck(client.process.stdin as Writable, long, 100)).toBeLessThan(100)
  expect(runs(pid)).toBe(true)
  const ended = once(client.process, 'exit')
  client.process.kill('SIGKILL')
  await ended
  await expect
    .poll(() => {
      advance(5_000)
      return runs(pid)
    })
    .toBe(false)
})

/** How often an event is on record, and how many more are said to have been. */
function recorded(event: string): [number, unknown[]] {
  const found = gateway.entries().flatMap((entry) => (entry.kind === 'event' ? [entry] : []))
  const more = found.filter((entry) => entry.event === `${event}_more`)
  return [found.filter((entry) => entry.event === event).length, more.map(({ detail }) => detail.count)]
}

const key = 'ghp_aB3dE5gH7jK9mN1pQ3sT5vW7xY9zA2cD4fG6'
test.each([
  ['result.masked', `{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"${key} @"}}`],
  ['message.withheld', '{"jsonrpc":"2.0","method":"notifications/@","params":{"inputRequests":{}}}'],
])('what a server says of its own accord does not bury the calls in the record: %s', async (event, says) => {
  const client = await flooding()
  await client.call('read_flood', { asks: 500, says })
  await heard(client)
  expect(recorded(event)).toEqual([20, []])
  await client.close()
  await expect.poll(() => recorded(event)).toEqual([20, [480]])
})

test.each([
  ['one server', 'flood', []],
  ['all servers', '', ['--all']],
])('nor do the malformed messages of a client of %s, and each is answered', async (_whom, name, options) => {
  await flooding()
  const client = gateway.connect(name, options)
  await client.initialize()
  for (let at = 0; at < 500; at++) client.write('{"jsonrpc":"2.0","id":"odd","id":"odd"}')
  await client.request('tools/list')
  expect(client.lines.filter((line) => line.includes('MALFORMED_MESSAGE'))).toHaveLength(500)
  expect(recorded('message.refused')).toEqual([20, []])
  await client.close()
  await expect.poll(() => recorded('message.refused')).toEqual([20, [480]])
})
