import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { askingPolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import type { RawClient } from '../fakes/raw-client.ts'

let gateway: TestGateway
let client: RawClient
let log: string

beforeEach(async () => {
  gateway = await startGateway({ policy: askingPolicy() })
  log = join(gateway.folder, 'odd.log')
  writeFileSync(log, '')
  await gateway.addServer('odd', 'odd-server', { ODD_LOG: log })
  client = gateway.connect('odd')
  await client.initialize()
  // Ours, not the client's: asked once, before the first call.
  await client.call('read_odd')
})
afterEach(async () => {
  await gateway.close()
})

/** What the server got, oldest first, without the requests of Toolgate itself. */
const arrived = () =>
  readFileSync(log)
    .toString('latin1')
    .split('\n')
    .filter((line) => line && !line.includes('"toolgate-'))
    .map((line) => Buffer.from(line, 'latin1'))

const base64 = (text: string | Buffer) => Buffer.from(text).toString('base64')

test.each<[what: string, request: (answer: string) => string, answer: string]>([
  [
    'unknown envelope keys',
    (a) =>
      `{"x-first":{"b":1},"id":9,"jsonrpc":"2.0","params":{"name":"read_odd","arguments":{"answer":"${a}"}},"method":"tools/call","trace":[1]}`,
    '{"vendor":true,"result":{"content":[]},"id":9,"jsonrpc":"2.0"}',
  ],
  [
    'integers beyond 2^53',
    (a) =>
      `{"jsonrpc":"2.0","id":9,"method":"tools/call","params":{"name":"read_odd","arguments":{"n":9007199254740993,"answer":"${a}"}}}`,
    '{"jsonrpc":"2.0","id":9,"result":{"content":[],"structuredContent":{"n":123456789012345678901234567890}}}',
  ],
  [
    'unknown content blocks and fields',
    (a) =>
      `{"jsonrpc":"2.0","id":9,"method":"tools/call","params":{"name":"read_odd","arguments":{"answer":"${a}"},"futureField":null,"_meta":{"x":1}}}`,
    '{"jsonrpc":"2.0","id":9,"result":{"content":[{"type":"hologram","z":[]}],"isError":false,"later":{}}}',
  ],
  [
    'odd white space and escapes',
    (a) =>
      `\t{ "jsonrpc" : "2.0" ,"id":9, "method":"tools\\/call","params":{ "name":"read_odd","arguments":{"s":"\\u00e9\\ud83d\\ude00","answer":"${a}"} } } `,
    ' { "jsonrpc":"2.0","id" : 9,"result":{ "content":[ {"type":"text","text":"\\u00e9 \\/ é 😀"} ] } }',
  ],
  [
    'an error with extra keys',
    (a) => `{"jsonrpc":"2.0","id":9,"method":"tools/call","params":{"name":"read_odd","arguments":{"answer":"${a}"}}}`,
    '{"jsonrpc":"2.0","id":9,"error":{"code":-32602,"message":"no","xErr":[1.0]}}',
  ],
  [
    'a method nobody knows',
    (a) => `{"jsonrpc":"2.0","id":9,"method":"vendor/new","params":{"answer":"${a}","deep":{"q":1e2}}}`,
    '{"jsonrpc":"2.0","id":9,"result":{"n":1.50,"z":{}}}',
  ],
])('%s arrive byte for byte, both ways', async (_what, request, answer) => {
  const sent = request(base64(answer))
  client.write(sent)
  const got = await client.line((line) => line.equals(Buffer.from(answer)))
  expect(got.toString()).toBe(answer)
  expect(arrived().at(-1)?.toString()).toBe(sent)
})

test('10 MiB arrive byte for byte, both ways', async () => {
  const big = 'x'.repeat(10 * 1024 * 1024)
  const answer = `{"jsonrpc":"2.0","id":9,"result":{"content":[{"type":"text","text":"${big}"}]}}`
  client.write(
    `{"jsonrpc":"2.0","id":8,"method":"tools/call","params":{"name":"read_odd","arguments":{"text":"${big}","answer":"${base64('{"jsonrpc":"2.0","id":8,"result":{"content":[]}}')}"}}}`,
  )
  await client.line((line) => line.includes('"id":8'))
  expect(arrived().at(-1)?.length).toBeGreaterThan(big.length)
  client.write(
    `{"jsonrpc":"2.0","id":9,"method":"tools/call","params":{"name":"read_odd","arguments":{"answer":"${base64(answer)}"}}}`,
  )
  const got = await client.line((line) => line.includes('"id":9'))
  expect(got.equals(Buffer.from(answer))).toBe(true)
})

test('an answer may be nested as deeply as it likes; arguments that cannot be searched for paths are refused', async () => {
  const deep = `${'['.repeat(100_000)}9007199254740993${']'.repeat(100_000)}`
  const answer = `{"jsonrpc":"2.0","id":9,"result":{"content":[],"structuredContent":{"deep":${deep}}}}`
  client.write(
    `{"jsonrpc":"2.0","id":9,"method":"tools/call","params":{"name":"read_odd","arguments":{"answer":"${base64(answer)}"}}}`,
  )
  const got = await client.line((line) => line.includes('"id":9'))
  expect(got.equals(Buffer.from(answer))).toBe(true)
  const before = arrived().length
  client.write(
    `{"jsonrpc":"2.0","id":10,"method":"tools/call","params":{"name":"read_odd","arguments":{"deep":${deep}}}}`,
  )
  expect(String(await client.line((line) => line.includes('"id":10')))).toContain('too many or too deep paths')
  expect(arrived().length).toBe(before)
})

test('progress, logging and requests of the server pass to the client, its answers and cancellations to the server', async () => {
  const progress =
    '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"t","progress":0.10,"x":1}}'
  const sampling =
    '{"jsonrpc":"2.0","id":"srv-1","method":"sampling/createMessage","params":{"messages":[],"n":9007199254740993}}'
  const first = [progress, sampling].map((text) => `"${base64(text)}"`).join(',')
  client.write(
    `{"jsonrpc":"2.0","id":20,"method":"tools/call","params":{"name":"read_odd","arguments":{"first":[${first}],"hold":true},"_meta":{"progressToken":"t"}}}`,
  )
  await client.line((line) => line.equals(Buffer.from(progress)))
  await client.line((line) => line.equals(Buffer.from(sampling)))
  const answer =
    '{"jsonrpc":"2.0","id":"srv-1","result":{"role":"assistant","content":{"type":"new-kind"},"big":9007199254740993}}'
  client.write(answer)
  const cancel =
    '{"method":"notifications/cancelled","jsonrpc":"2.0","params":{"requestId":21,"reason":"no longer","x":[ ]}}'
  client.write('{"jsonrpc":"2.0","id":21,"method":"vendor/long","params":{"first":["e30="]}}')
  client.write(cancel)
  await expect.poll(() => arrived().map(String)).toEqual(expect.arrayContaining([answer, cancel]))
})

test('names of requests are not taken for secrets', async () => {
  const name = '7e57d004-2b97-4e7a-b45f-5387367791cd'
  const named = [
    `{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"${name}","progress":1}}`,
    `{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1.7976931348623157e+308,"progress":2}}`,
    '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":4242424242424242}}',
    `{"jsonrpc":"2.0","id":4242424242424242,"method":"roots/list","params":{"_meta":{"progressToken":"${name}"}}}`,
  ]
  const first = named.map((text) => `"${base64(text)}"`).join(',')
  client.write(`{"jsonrpc":"2.0","id":22,"method":"vendor/new","params":{"first":[${first}]}}`)
  await client.line((line) => line.includes('"id":22'))
  expect(client.lines.slice(-5, -1).map(String)).toEqual(named)
})

test("cancelling a call that is with the server reaches it in the client's own words", async () => {
  const cancel =
    '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{ "requestId" : 30 , "reason":"enough" }}'
  client.write(
    `{"jsonrpc":"2.0","id":30,"method":"tools/call","params":{"name":"read_odd","arguments":{"first":["${base64('{"jsonrpc":"2.0","method":"notifications/message","params":{"data":"running"}}')}"],"answer":""}}}`,
  )
  await client.line((line) => line.includes('running'))
  client.write(cancel)
  await expect.poll(() => arrived().at(-1)?.toString()).toBe(cancel)
})

test.each([
  [
    'a hidden second line',
    '{"jsonrpc":"2.0","x":\r{"jsonrpc":"2.0","id":40,"method":"tools/call","params":{"name":"read_odd"}}\r}',
  ],
  [
    'a duplicate method',
    '{"jsonrpc":"2.0","id":40,"method":"ping","method":"tools/call","params":{"name":"read_odd"}}',
  ],
  ['a batch', '[{"jsonrpc":"2.0","id":40,"method":"tools/call","params":{"name":"read_odd"}}]'],
])('%s goes nowhere and is answered', async (_what, text) => {
  const before = arrived().length
  client.write(text)
  const answer = await client.line((line) => line.includes('-32600'))
  expect(answer.toString()).toContain('MALFORMED_MESSAGE')
  await client.request('vendor/after', {})
  expect(arrived().length).toBe(before + 1)
})
