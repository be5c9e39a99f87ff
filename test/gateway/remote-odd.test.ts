import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { createServer } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import type { RawClient } from '../fakes/raw-client.ts'
import { beginEvents, type Got, type Script, scriptedServer, sendText } from '../fakes/remote-server.ts'

let gateway: TestGateway
let count = 0

beforeAll(async () => {
  gateway = await startGateway({ policy: simplePolicy(), settings: { max_message_bytes: 1 << 20 } })
})
afterAll(() => gateway.close())

/** A scripted server that was reviewed while it behaved, and a client of it through a shim. */
async function ready(headers: Record<string, string> = {}) {
  const server = await scriptedServer()
  const name = `odd-${++count}`
  await gateway.addRemote(name, server.url, headers)
  server.got.length = 0
  return { ...server, name, connect: () => gateway.connect(name) }
}

async function initialized(client: RawClient): Promise<RawClient> {
  expect((await client.initialize()).error).toBeUndefined()
  return client
}

/** Only calls of tools are scripted. */
const onCall =
  (script: Script): Script =>
  (got, res, req) =>
    got.json?.method === 'tools/call' ? script(got, res, req) : false

function cutOff(res: ServerResponse): void {
  res.writeHead(200, { 'content-type': 'application/json', 'content-length': '99' }).write('{')
  setImmediate(() => res.destroy())
}

function breakOff(res: ServerResponse): void {
  beginEvents(res)('data:\n\n')
  setImmediate(() => res.destroy())
}

function oneEvent(res: ServerResponse, data: string): void {
  beginEvents(res)(`data: ${data}\n\n`)
  res.end()
}

const answerText = (got: Got, more = '') =>
  ` {"jsonrpc":"2.0", "result":{"content":[],"n":12345678901234567890.0,"é":"\\u0041😀"${more}},"id":${JSON.stringify(got.json.id)},"x":1}`

test('a server is heard before it is called: what it asks by itself while it works would else be lost', async () => {
  const server = await ready()
  const order: string[] = []
  server.answer((got, res) => {
    if (got.method === 'GET') {
      order.push('listens')
      setTimeout(() => {
        order.push('is heard')
        beginEvents(res)
      }, 150)
      return true
    }
    if (got.json?.method === 'tools/call') order.push('called')
    return false
  })
  const client = await initialized(server.connect())
  expect(await client.call('read_script')).toMatchObject({ text: 'done' })
  expect(order).toEqual(['listens', 'is heard', 'called'])
})

test('messages pass as the bytes they are, both ways, as JSON and as events; the client’s own headers do not', async () => {
  const server = await ready({ authorization: 'Bearer key', 'x-extra': 'yes' })
  const client = await initialized(server.connect())
  const sent =
    '{"params":{"name":"read_script","_meta":{"x":1.50},"arguments":{"big":9007199254740993,"s":"\\u00e9 é"}},  "id":"a-1","jsonrpc":"2.0","method":"tools/call","odd":[]}'
  server.answer(onCall((got, res) => sendText(res, answerText(got).replace('"n"', '\n\r\n"n"'))))
  client.write(sent)
  const line = await client.line((text) => text.includes('"a-1"'))
  const [call] = server.of('tools/call')
  expect(call?.body).toBe(sent)
  expect(line.toString()).toBe(answerText(call as Got).replace('"n"', '   "n"'))
  expect(call?.headers).toMatchObject({
    ...{ 'mcp-session-id': 'session-1', 'mcp-protocol-version': '2025-11-25', 'x-extra': 'yes' },
    ...{
      authorization: 'Bearer key',
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
  })
  expect(server.of('initialize')[0]?.headers).not.toHaveProperty('mcp-protocol-version')

  const progress = '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":0.10}}'
  server.answer(
    onCall((got, res) => {
      const write = beginEvents(res)
      const [first = '', second = ''] = [answerText(got).slice(0, 17), answerText(got).slice(17)]
      write(`: hello\r\n\r\nevent: message\rdata: ${progress}\r\r`)
      for (const byte of Buffer.from(`id: 7\ndata: ${first}\ndata:${second}\n\n`)) res.write(Buffer.of(byte))
      res.end()
    }),
  )
  client.write(sent.replace('a-1', 'a-2'))
  const second = await client.line((text) => text.includes('"a-2"'))
  expect(client.lines.map(String)).toContain(progress)
  const got = server.of('tools/call')[1] as Got
  expect(second.toString()).toBe(`${answerText(got).slice(0, 17)} ${answerText(got).slice(17)}`)
})

test('a session is kept, ended with DELETE, and one that the server forgot is begun again with the next request', async () => {
  const server = await ready()
  const client = await initialized(server.connect())
  await expect.poll(() => server.got.map(({ method }) => method)).toEqual(['POST', 'POST', 'GET'])
  await client.close()
  await expect.poll(() => server.got.at(-1)?.method).toBe('DELETE')
  expect(server.got.at(-1)?.headers).toMatchObject({ 'mcp-session-id': 'session-1' })

  const forgotten = await initialized(server.connect())
  server.answer((got, res) => (got.json?.method === 'ping' ? res.writeHead(404).end() : false))
  const { error } = await forgotten.request('ping')
  expect(error?.message).toContain('it no longer knows the session (HTTP 404)')
  server.answer(() => false)
  const before = server.of('initialize').length
  expect((await forgotten.call('read_script')).outcome).toBe('ok')
  // The request that was lost is not repeated.
  expect([server.of('initialize').length, server.of('ping').length]).toEqual([before + 1, 1])
})

test('what a server says by itself comes over its own stream, which is taken up where it ended', async () => {
  const server = await ready()
  const changed = (n: number) =>
    `{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":${n}}}`
  const seen: unknown[] = []
  server.answer((got, res) => {
    if (got.method !== 'GET') return false
    seen.push(got.headers['last-event-id'])
    const write = beginEvents(res)
    write(`retry: 20\nid: e${seen.length}\ndata: ${changed(seen.length)}\n\n`)
    return seen.length < 3 ? res.end() : null
  })
  const client = await initialized(server.connect())
  await client.line((line) => line.toString() === changed(3))
  expect(seen).toEqual([undefined, 'e1', 'e2'])
})

test('an answer whose stream breaks off is taken up with Last-Event-ID; without ids it is lost, and said to be', async () => {
  const server = await ready()
  const client = await initialized(server.connect())
  let pending: Got | null = null
  server.answer((got, res) => {
    if (got.json?.method === 'tools/call') {
      pending = got
      const write = beginEvents(res)
      write('retry: 20\nid: p1\ndata:\n\n')
      return setImmediate(() => res.destroy())
    }
    if (got.method !== 'GET' || got.headers['last-event-id'] !== 'p1' || !pending) return false
    return beginEvents(res)(`id: p2\ndata: ${answerText(pending)}\n\n`)
  })
  expect((await client.call('read_script')).outcome).toBe('ok')

  server.answer(onCall((_, res) => breakOff(res)))
  const lost = await client.call('read_script')
  expect(lost).toEqual({ outcome: 'SERVER_UNREACHABLE', text: expect.stringContaining('broke off') })
  expect(server.of('tools/call')).toHaveLength(2)
  server.answer(() => false)
  expect((await client.call('read_script')).outcome).toBe('ok')
})

test.each<[string, Script, string, string]>([
  [
    '401',
    (_, res) => res.writeHead(401, { 'www-authenticate': 'Bearer' }).end(),
    'SERVER_WANTS_SIGN_IN',
    'servers sign-in odd',
  ],
  ['403', (_, res) => res.writeHead(403).end('no'), 'SERVER_UNREACHABLE', 'HTTP 403'],
  ['500', (_, res) => res.writeHead(500).end('<html>'), 'SERVER_UNREACHABLE', 'HTTP 500'],
  ['202', (_, res) => res.writeHead(202).end(), 'SERVER_UNREACHABLE', 'no message (HTTP 202)'],
  ['no JSON', (_, res) => sendText(res, 'hello\n'), 'SERVER_UNREACHABLE', 'no message'],
  [
    'another site',
    (_, res) => res.writeHead(307, { location: 'http://127.0.0.1:1/mcp' }).end(),
    'SERVER_UNREACHABLE',
    'another origin, `http://127.0.0.1:1`',
  ],
  [
    'a metadata address',
    (_, res) => res.writeHead(308, { location: 'http://169.254.169.254/' }).end(),
    'SERVER_UNREACHABLE',
    'another origin',
  ],
  ['a moved page', (_, res) => res.writeHead(302, { location: '/other' }).end(), 'SERVER_UNREACHABLE', 'HTTP 302'],
  ['in circles', (_, res) => res.writeHead(307, { location: '/mcp' }).end(), 'SERVER_UNREACHABLE', 'again and again'],
  [
    'compressed',
    (_, res) => sendText(res, 'x', 200, { 'content-encoding': 'gzip' }),
    'SERVER_UNREACHABLE',
    'compresses',
  ],
  [
    'large headers',
    (_, res) => sendText(res, '{}', 200, { 'x-a': 'a'.repeat(40_000) }),
    'SERVER_UNREACHABLE',
    'headers of its answer are too large',
  ],
  ['cut off', (_, res) => cutOff(res), 'SERVER_UNREACHABLE', 'broke off'],
  [
    'for another',
    (_, res) => sendText(res, '{"jsonrpc":"2.0","id":"other","result":{}}'),
    'SERVER_UNREACHABLE',
    'belongs to another request',
  ],
  ['closed', (_, res) => res.destroy(), 'SERVER_UNREACHABLE', 'broke the connection off'],
  [
    'too large',
    (got, res) => sendText(res, answerText(got, `,"p":"${'x'.repeat(2 << 20)}"`)),
    'MESSAGE_TOO_LARGE',
    'larger than the limit',
  ],
  [
    'too large an event',
    (got, res) => oneEvent(res, answerText(got, `,"p":"${'x'.repeat(2 << 20)}"`)),
    'MESSAGE_TOO_LARGE',
    'larger than the limit',
  ],
])(
  'an answer that is %s refuses the call with a reason, and the next call works',
  async (_what, script, code, words) => {
    const server = await ready()
    const client = await initialized(server.connect())
    server.answer(onCall(script))
    const { outcome, text } = await client.call('read_script')
    expect([outcome, text]).toEqual([code, expect.stringContaining(words)])
    server.answer(() => false)
    expect((await client.call('read_script')).outcome).toBe('ok')
  },
)

test('a redirect within the same origin is followed with method and body', async () => {
  const server = await ready()
  const client = await initialized(server.connect())
  server.answer(onCall((got, res) => (got.path === '/mcp' ? res.writeHead(308, { location: '/moved' }).end() : false)))
  expect((await client.call('read_script', { a: 1 })).outcome).toBe('ok')
  const [first, second] = server.of('tools/call')
  expect([second?.path, second?.method, second?.body]).toEqual(['/moved', 'POST', first?.body])
})

test('an error that names no request is the answer to the one it came for, in the server’s own words', async () => {
  const server = await ready()
  const client = await initialized(server.connect())
  const { error } = await client.request('script/odd')
  expect(error).toEqual({ code: -32600, message: 'what?' })
})

test('a server that is away, and one that only opens connections, are told apart from an answer', async () => {
  const server = await ready()
  const client = await initialized(server.connect())
  server.server.closeAllConnections()
  server.server.close()
  await once(server.server, 'close')
  const { outcome, text } = await client.call('read_script')
  expect([outcome, text]).toEqual(['SERVER_UNREACHABLE', expect.stringContaining('nothing listens at its address')])
  const strange = createServer((socket) => socket.end('220 mail.test ESMTP\r\n')).listen(server.port, '127.0.0.1')
  await once(strange, 'listening')
  expect((await client.call('read_script')).text).toContain('not HTTP')
  strange.close()
})

test('a cancelled call is told to the server, and its stream is closed', async () => {
  const server = await ready()
  const client = await initialized(server.connect())
  const closed = Promise.withResolvers<void>()
  server.answer(
    onCall((_, res) => {
      beginEvents(res)
      res.once('close', () => closed.resolve())
    }),
  )
  client.write('{"jsonrpc":"2.0","id":"c-1","method":"tools/call","params":{"name":"read_script","arguments":{}}}')
  await expect.poll(() => server.of('tools/call').length).toBe(1)
  const cancel = '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"c-1","reason":"x"}}'
  client.write(cancel)
  await closed.promise
  expect(server.of('notifications/cancelled').map(({ body }) => body)).toEqual([cancel])
})

test('headers that never end, or come drop by drop, end the call; an answer whose headers came may take its time', async () => {
  const server = await ready()
  const client = await initialized(server.connect())
  let finish = () => {}
  server.answer(
    onCall((got, res) => {
      const write = beginEvents(res)
      write(': wait\n\n')
      finish = () => {
        write(`data: ${answerText(got)}\n\n`)
      }
    }),
  )
  const lasting = client.call('read_script')
  await expect.poll(() => server.of('tools/call').length).toBe(1)
  server.answer(onCall((_, res) => endlessHeaders(res)))
  expect((await client.call('read_script')).text).toContain('the headers of its answer are too large')
  server.answer(onCall((_, res) => res.socket?.write('HTTP/1.1 200 OK\r\nx-slow: ')))
  expect(await client.call('read_script')).toEqual({
    outcome: 'SERVER_UNREACHABLE',
    text: expect.stringContaining('did not end within 10 s'),
  })
  finish()
  expect((await lasting).outcome).toBe('ok')
})

function endlessHeaders({ socket }: ServerResponse): void {
  socket?.write('HTTP/1.1 200 OK\r\n')
  const more = () => {
    while (socket?.writable && socket.write(`x-more: ${'a'.repeat(1000)}\r\n`));
  }
  socket?.on('drain', more)
  more()
}

test('large answers that all come at once and never end do not fill the memory: some are refused, the others arrive', async () => {
  const server = await ready()
  const client = await initialized(server.connect())
  const open: (() => void)[] = []
  const half = 'x'.repeat(900_000)
  server.answer(
    onCall((got, res) => {
      const text = answerText(got, `,"p":"${half}"`)
      res.writeHead(200, { 'content-type': 'application/json' }).write(text.slice(0, -10))
      open.push(() => res.end(text.slice(-10)))
    }),
  )
  const calls = Array.from({ length: 7 }, () => client.call('read_script'))
  const refused = await Promise.race(calls)
  expect(refused.text).toContain('too many large answers come at once')
  await expect.poll(() => open.length).toBe(7)
  for (const finish of open) finish()
  const outcomes = (await Promise.all(calls)).map(({ outcome }) => outcome)
  expect(outcomes).toContain('ok')
  expect(outcomes.filter((outcome) => outcome !== 'ok').length).toBeLessThan(5)
})

test('a server is not read faster than its client reads', async () => {
  const server = await ready()
  const client = await initialized(server.connect())
  const event = `data: {"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"${'x'.repeat(60_000)}"}}\n\n`
  const most = 1_200
  let sent = 0
  server.answer(
    onCall((got, res) => {
      const write = beginEvents(res)
      const more = () => {
        while (sent < most) {
          sent++
          if (!write(event)) return
        }
        if (sent === most) write(`data: ${answerText(got)}\n\n`)
        sent = most + 1
      }
      res.on('drain', more)
      more()
    }),
  )
  client.process.stdout?.pause()
  const answer = client.call('read_script')
  let before = -1
  await expect
    .poll(
      () => {
        const still = sent > 0 && sent === before
        before = sent
        return still
      },
      { interval: 700, timeout: 20_000 },
    )
    .toBe(true)
  expect(sent).toBeLessThan(most / 2)
  client.process.stdout?.resume()
  expect((await answer).outcome).toBe('ok')
  expect(client.lines.filter((line) => line.length > 60_000)).toHaveLength(most)
})
