import { expect, onTestFinished, test } from 'vitest'
import { simplePolicy, startGateway } from '../fakes/gateway.ts'
import { movedClock } from '../fakes/moved-clock.ts'
import { until } from '../fakes/processes.ts'
import { beginEvents, type Script, scriptedServer, sendText } from '../fakes/remote-server.ts'

const away: Script = (_got, res) => res.destroy()

/** A server of 2026-07-28 over HTTP that announces its tools, and what ends or says something on each stream that listens to it. */
async function announcing() {
  const streams: { end: () => void; say: (method: string) => void }[] = []
  const there: Script = ({ method, json }, res) => {
    if (method !== 'POST') return res.writeHead(405).end()
    if (json.method === 'subscriptions/listen') {
      const write = beginEvents(res)
      const say = (name: string, params: object = {}) => {
        const _meta = { 'io.modelcontextprotocol/subscriptionId': json.id }
        write(`data: ${JSON.stringify({ jsonrpc: '2.0', method: name, params: { _meta, ...params } })}\n\n`)
      }
      say('notifications/subscriptions/acknowledged', { notifications: json.params.notifications })
      return streams.push({ end: () => res.destroy(), say })
    }
    const results: Record<string, object> = {
      'server/discover': { supportedVersions: ['2026-07-28'], capabilities: { tools: { listChanged: true } } },
      'tools/list': {
        tools: [{ name: 'read_script', inputSchema: { type: 'object' }, annotations: { readOnlyHint: true } }],
      },
      'tools/call': { content: [] },
    }
    const result = results[json.method]
    const answer = result
      ? { result: { resultType: 'complete', ttlMs: 0, cacheScope: 'private', ...result } }
      : { error: { code: -32601, message: 'unknown' } }
    return sendText(res, JSON.stringify({ jsonrpc: '2.0', id: json.id, ...answer }), result ? 200 : 404)
  }
  const server = await scriptedServer(there)
  return { ...server, streams, there }
}

test.each(['the next try', 'an answer', 'its machine waking up'])(
  'after a long outage of a server of 2026-07-28 its older client hears it again with %s, and that lists may have changed',
  async (sign) => {
    const { clock, advance } = movedClock()
    let woke = () => {}
    const onWake = (fn: () => void) => {
      woke = fn
    }
    let failures = 0
    const info = (message: string) => {
      if (message === 'listening to a server broke off') failures++
    }
    const log = { info, warn: info, error: info }
    const gateway = await startGateway({ policy: simplePolicy(), ports: { clock, onWake, log } })
    onTestFinished(() => gateway.close())
    const server = await announcing()
    await gateway.addRemote('far', server.url)
    const client = gateway.connect('far')
    await client.initialize()
    const news = () => client.lines.filter((line) => line.includes('tools/list_changed')).length
    await until('it is listened to', () => server.streams.length === 1)
    server.streams[0]?.say('notifications/tools/list_changed')
    await until('the client hears it', () => news() === 1)

    server.answer(away)
    server.streams[0]?.end()
    // The longest wait is reached; nothing is under way once the last one has failed.
    await until('it is asked again and again', () => {
      if (failures > 10) return true
      advance(60_000)
      return false
    })
    expect([news(), server.streams.length]).toEqual([1, 1])

    server.answer(server.there)
    if (sign === 'the next try') advance(60_000)
    else if (sign === 'an answer') expect((await client.call('read_script')).outcome).toBe('ok')
    else woke()
    await until('the client hears that lists may have changed', () => news() === 2)
    server.streams.at(-1)?.say('notifications/tools/list_changed')
    await until('and what the server says from then on', () => news() === 3)
  },
)

test('a server that does not know listening is asked once', async () => {
  const { clock, advance } = movedClock()
  const gateway = await startGateway({ policy: simplePolicy(), ports: { clock } })
  onTestFinished(() => gateway.close())
  const server = await announcing()
  server.answer((got, res, req) => {
    if (got.json?.method !== 'subscriptions/listen') return server.there(got, res, req)
    const error = { code: -32601, message: 'unknown' }
    return sendText(res, JSON.stringify({ jsonrpc: '2.0', id: got.json.id, error }), 404)
  })
  await gateway.addRemote('far', server.url)
  const client = gateway.connect('far')
  await client.initialize()
  await until('it is asked', () => server.of('subscriptions/listen').length === 1)
  for (let i = 0; i < 3; i++) {
    expect((await client.call('read_script')).outcome).toBe('ok')
    advance(60_000)
  }
  expect((await client.call('read_script')).outcome).toBe('ok')
  expect(server.of('subscriptions/listen')).toHaveLength(1)
})
