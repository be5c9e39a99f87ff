import { afterEach, expect, test } from 'vitest'
import { askingPolicy, person, startGateway, type TestGateway } from '../fakes/gateway.ts'
import { modernMeta } from '../fakes/http-client.ts'
import { outcomeOf, type RawClient } from '../fakes/raw-client.ts'

let gateway: TestGateway
afterEach(() => gateway.close())

async function flooding(): Promise<RawClient> {
  gateway = await startGateway({ policy: askingPolicy() })
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
  client.lines.length = 0
  await client.call('read_flood', { asks: 1, from: 7, cancel: true })
  const [asked, cancelled] = client.lines.map((line) => JSON.parse(String(line)))
  expect(asked).toMatchObject({ method: 'ping', id: expect.stringMatching(/^toolgate-asked-/) })
  expect(cancelled).toMatchObject({ method: 'notifications/cancelled', params: { requestId: asked.id } })
})
