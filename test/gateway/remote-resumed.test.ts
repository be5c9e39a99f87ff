import type { ServerResponse } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { simplePolicy, startGateway } from '../fakes/gateway.ts'
import { until } from '../fakes/processes.ts'
import { beginEvents, scriptedServer } from '../fakes/remote-server.ts'

test.each(['is asked for', 'is there'])(
  'a call that is cancelled while the rest of its answer %s leaves no stream open',
  async (when) => {
    const gateway = await startGateway({ policy: simplePolicy() })
    onTestFinished(() => gateway.close())
    const server = await scriptedServer()
    await gateway.addRemote('far', server.url)
    const client = gateway.connect('far')
    await client.initialize()
    const resumed: ServerResponse[] = []
    server.answer((got, res) => {
      if (got.json?.method === 'tools/call') {
        beginEvents(res)('retry: 20\nid: p1\ndata:\n\n')
        return setImmediate(() => res.destroy())
      }
      if (got.headers['last-event-id'] !== 'p1') return false
      if (when === 'is there') beginEvents(res)(':\n\n')
      return resumed.push(res)
    })
    client.write('{"jsonrpc":"2.0","id":"c-1","method":"tools/call","params":{"name":"read_script","arguments":{}}}')
    await until('the rest is asked for', () => resumed.length === 1)
    client.notify('notifications/cancelled', { requestId: 'c-1' })
    await until('the server hears of it', () => server.of('notifications/cancelled').length === 1)
    const [stream] = resumed
    if (when === 'is asked for' && stream && !stream.destroyed) beginEvents(stream)(':\n\n')
    await until('the stream is closed', () => stream?.closed ?? false)
    expect(resumed).toHaveLength(1)
  },
)
