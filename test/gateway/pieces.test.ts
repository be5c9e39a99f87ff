import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { connect } from 'node:net'
import type { Writable } from 'node:stream'
import { afterEach, expect, test } from 'vitest'
import { simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import { modernHeaders, tokenFor } from '../fakes/http-client.ts'
import { bytesHeld } from '../fakes/memory.ts'
import { beginEvents, scriptedServer } from '../fakes/remote-server.ts'

// A bound on bytes is none on memory when each piece costs more than its bytes.

let gateway: TestGateway
afterEach(() => gateway.close())

/** What holding so many pieces apart would take: each is a buffer of more than a hundred bytes. */
const pieces = 1_000_000
const apart = pieces * 100

/** Writes a piece a million times, and waits until the other side took them, but for what lies in sockets. */
async function flood(stream: Writable, piece: string): Promise<void> {
  const thousand = Buffer.from(piece.repeat(1_000))
  for (let sent = 0; sent < pieces; sent += 1_000) if (!stream.write(thousand)) await once(stream, 'drain')
  await new Promise((resolve) => stream.write(thousand, resolve))
}

/** A server over HTTP that has begun an answer to `tools/list`. */
async function answering(begin: (res: ServerResponse) => void): Promise<ServerResponse> {
  gateway = await startGateway({ policy: simplePolicy() })
  const server = await scriptedServer()
  await gateway.addRemote('remote', server.url)
  const client = gateway.connect('remote')
  await client.initialize()
  const { promise, resolve } = Promise.withResolvers<ServerResponse>()
  server.answer((got, res) => {
    if (got.json?.method !== 'tools/list') return false
    begin(res)
    return resolve(res)
  })
  client.request('tools/list').catch(() => {})
  return promise
}

test('an event of a million empty lines takes the memory of its bytes', async () => {
  const res = await answering((begun) => beginEvents(begun))
  const before = bytesHeld()
  await flood(res, 'data\n')
  expect(bytesHeld() - before).toBeLessThan(apart / 2)
})

test('an answer of a server in a million chunks takes the memory of its bytes', async () => {
  const res = await answering((begun) => begun.writeHead(200, { 'content-type': 'application/json' }).flushHeaders())
  const before = bytesHeld()
  // Beneath the response, which would put a chunk around each write.
  await flood(res.socket as Writable, '1\r\n \r\n')
  expect(bytesHeld() - before).toBeLessThan(apart / 2)
})

test('a body at the HTTP door in a million chunks takes the memory of its bytes', async () => {
  gateway = await startGateway({ policy: simplePolicy(), http: { port: 0 } })
  await gateway.addServer('notes', 'notes-server')
  const { token } = await tokenFor(gateway.core)
  const port = gateway.core.httpPort ?? 0
  const socket = connect(port, '127.0.0.1').on('error', () => {})
  const headers = { host: `127.0.0.1:${port}`, 'transfer-encoding': 'chunked', expect: '100-continue' }
  const lines = Object.entries({ ...headers, ...modernHeaders(token, 'tools/call', 'read_note') })
  socket.write(`POST /mcp/notes HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`)
  expect(String((await once(socket, 'data'))[0])).toContain('100 Continue')
  const before = bytesHeld()
  await flood(socket, '1\r\n \r\n')
  expect(bytesHeld() - before).toBeLessThan(apart / 2)
  socket.destroy()
})
