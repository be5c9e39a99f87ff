import { afterAll, beforeAll, expect, test } from 'vitest'
import { person, simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import { legacyClient, modernClient, modernHeaders, modernMeta, send, tokenFor } from '../fakes/http-client.ts'
import { until } from '../fakes/processes.ts'

const most = 16
let gateway: TestGateway
let port: number

beforeAll(async () => {
  gateway = await startGateway({
    ...{ policy: simplePolicy(), http: { port: 0 } },
    settings: { queued_messages: most },
  })
  await gateway.addServer('notes', 'notes-server')
  await gateway.addServer('script', 'scripted-server')
  port = gateway.core.httpPort ?? 0
})
afterAll(() => gateway.close())

async function processOf(server: string): Promise<number> {
  const views = await gateway.core.handlers['servers.runs']({}, person)
  const pid = views.flatMap(({ name, processes }) => (name === server ? processes : [])).at(0)?.pid
  if (!pid) throw new Error('it does not run')
  return pid
}

/** Posts to a server that reads nothing until some wait, then one more than may; gives how each was answered once it reads on. */
async function flooded(server: string, post: (pad: string) => Promise<{ status: number }>) {
  const pid = await processOf(server)
  process.kill(pid, 'SIGSTOP')
  const answered: number[] = []
  const all: Promise<unknown>[] = []
  const start = (pad: string) => {
    all.push(post(pad).then(({ status }) => answered.push(status)))
  }
  try {
    // So much is written to a server before whoever writes must wait.
    const pad = 'x'.repeat(1024 * 1024)
    for (let sent = 0; sent < 6; sent++) start(pad)
    await until('some are refused', () => {
      if (all.length < 500) start('x')
      return answered.includes(429)
    })
    await until('all but those that wait were answered', () => all.length - answered.length <= most)
    expect(all.length - answered.length).toBe(most)
  } finally {
    process.kill(pid, 'SIGCONT')
  }
  await Promise.all(all)
  expect(answered.filter((status) => status !== 429 && status !== 202)).toEqual([])
  return answered
}

test('messages of a session that wait for a server which reads nothing are bounded; the others go on when it reads', async () => {
  const { token } = await tokenFor(gateway.core, 'older')
  const client = await legacyClient(port, token, 'notes')
  await client.post('{"jsonrpc":"2.0","method":"notifications/initialized"}')
  const answered = await flooded('notes', (pad) =>
    client.post(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/odd', params: { pad } })),
  )
  expect(answered).toContain(202)
  expect((await client.call('read_note', { text: 'after' })).outcome).toBe('ok')
})

test('so they are in the stateless generation', async () => {
  const { token } = await tokenFor(gateway.core, 'newer')
  const client = modernClient(port, token, 'script')
  expect((await client.call('read_script')).status).toBe(200)
  const headers = modernHeaders(token, 'notifications/odd')
  const answered = await flooded('script', (pad) => {
    const params = { _meta: modernMeta, pad }
    return send(
      port,
      'POST',
      client.path,
      headers,
      JSON.stringify({ jsonrpc: '2.0', method: 'notifications/odd', params }),
    )
  })
  expect(answered).toContain(202)
})
