import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import type { RawClient } from '../fakes/raw-client.ts'

let gateway: TestGateway
let client: RawClient
let log: string

beforeEach(async () => {
  gateway = await startGateway({ policy: simplePolicy(), settings: { max_message_bytes: 65_536 } })
  log = join(gateway.folder, 'odd.log')
  writeFileSync(log, '')
  await gateway.addServer('odd', 'odd-server', { ODD_LOG: log })
  client = gateway.connect('odd')
  await client.initialize()
})
afterEach(() => gateway.close())

const base64 = (text: string) => Buffer.from(text).toString('base64')
const sends = (id: number, lines: readonly string[], more = '') =>
  client.write(
    `{"jsonrpc":"2.0","id":${id},"method":"vendor/new","params":{"first":[${lines.map((line) => `"${base64(line)}"`).join(',')}]${more}}}`,
  )
/** The answer to the request of this id, parsed. */
const answerTo = async (id: number) =>
  JSON.parse((await client.line((line) => line.includes(`"id":${id},`))).toString()) as Record<string, unknown>

test.each([
  ['request', '{"jsonrpc":"2.0","id":1,"method":"roots/list","params":{"a":1,"a":2}}'],
  ['request that names one deeper down', '{"jsonrpc":"2.0","method":"x/y","params":{"a":{"id":1},"a":2},"id":"mine"}'],
  ['notification', '{"jsonrpc":"2.0","method":"notifications/message","params":{"a":{"id":1},"a":2}}'],
])('a broken %s of a server ends no request of the client that has its id', async (_what, broken) => {
  client.write('{"jsonrpc":"2.0","id":1,"method":"vendor/long","params":{"hold":true}}')
  sends(2, [broken], ',"answer":""')
  sends(3, ['{"jsonrpc":"2.0","id":1,"result":{"mine":true}}'])
  expect(await answerTo(1)).toEqual({ jsonrpc: '2.0', id: 1, result: { mine: true } })
})

test('a server is told that its request cannot be passed on', async () => {
  sends(2, ['{"jsonrpc":"2.0","method":"roots/list","params":{"id":7,"id":8},"id":"mine"}'])
  await answerTo(2)
  const told = () =>
    readFileSync(log, 'utf8')
      .split('\n')
      .filter((line) => line.includes('"error"'))
  await expect.poll(told).toHaveLength(1)
  expect(JSON.parse(told()[0] ?? '')).toMatchObject({ id: 'mine', error: { data: { code: 'MALFORMED_MESSAGE' } } })
})

test.each([
  [
    'first',
    (id: number, long: string) => `{"id":${id},"jsonrpc":"2.0","method":"vendor/new","params":{"id":2,"x":"${long}"}}`,
  ],
  [
    'last',
    (id: number, long: string) => `{"method":"vendor/new","params":{"id":2,"x":"${long}"},"jsonrpc":"2.0","id":${id}}`,
  ],
])('a message that is too long and has its id %s is answered under that id', async (_where, text) => {
  client.write('{"jsonrpc":"2.0","id":2,"method":"vendor/long","params":{"hold":true}}')
  client.write(text(7, 'x'.repeat(100_000)))
  expect(await answerTo(7)).toMatchObject({ error: { data: { code: 'MESSAGE_TOO_LARGE' } } })
  expect(client.lines.filter((line) => line.includes('"id":2,'))).toEqual([])
})

test.each([
  ['first', '{"jsonrpc":"2.0","id":@ID@,"result":{"content":[{"type":"text","text":"@PAD@"}],"id":2}}'],
  ['last', '{"result":{"content":[{"type":"text","text":"@PAD@"}],"id":2},"jsonrpc":"2.0","id":@ID@}'],
])(
  'an answer of a server that is too long and has its id %s ends its request, a call or another',
  async (_where, answer) => {
    client.write('{"jsonrpc":"2.0","id":2,"method":"vendor/long","params":{"hold":true}}')
    const filled = { pad: 100_000, answer: base64(answer) }
    client.write(JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'vendor/new', params: filled }))
    expect(await answerTo(7)).toMatchObject({ error: { data: { code: 'MESSAGE_TOO_LARGE' } } })
    expect(await client.call('read_odd', filled)).toMatchObject({ outcome: 'RESULT_WITHHELD' })
    expect(client.lines.filter((line) => line.includes('"id":2,'))).toEqual([])
  },
)

test('a message that cannot be read is answered under its own id, not under one that it mentions', async () => {
  client.write('{"jsonrpc":"2.0","id":2,"method":"vendor/long","params":{"hold":true}}')
  client.write(
    '{"method":"tools/call","params":{"name":"read_odd","arguments":{"id":2,"id":3}},"jsonrpc":"2.0","id":7}',
  )
  expect(await answerTo(7)).toMatchObject({ error: { data: { code: 'MALFORMED_MESSAGE' } } })
  expect(client.lines.filter((line) => line.includes('"id":2,'))).toEqual([])
})

test('requests that were cancelled and never answered are forgotten, the oldest first', async () => {
  const ids = Array.from({ length: 80 }, (_, index) => 100 + index)
  for (const id of ids) {
    client.write(`{"jsonrpc":"2.0","id":${id},"method":"vendor/long","params":{"hold":true}}`)
    client.write(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":${id}}}`)
  }
  const late = (id: number) => `{"jsonrpc":"2.0","id":${id},"result":{"late":true}}`
  sends(2, ids.map(late))
  await answerTo(2)
  const came = client.lines.filter((line) => line.includes('late')).map(String)
  expect(came).toEqual(ids.slice(-64).map(late))
  // An id that is forgotten is free again.
  sends(100, [])
  expect(await answerTo(100)).toMatchObject({ error: { code: -32601 } })
})
