import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { simplePolicy, startGateway } from '../fakes/gateway.ts'
import { modernMeta } from '../fakes/http-client.ts'
import { movedClock } from '../fakes/moved-clock.ts'
import { type Script, scriptedServer, sendText } from '../fakes/remote-server.ts'

const away: Script = (_got, res) => res.destroy()
const refusing: Script = ({ json }, res) =>
  sendText(res, JSON.stringify({ jsonrpc: '2.0', id: json.id, error: { code: -32603, message: 'not now' } }))
const signedOut: Script = (_got, res) => res.writeHead(401).end()

test.each([
  ['is away', away, 'SERVER_UNREACHABLE'],
  ['answers with an error', refusing, 'SERVER_START_FAILED'],
  ['wants a sign-in', signedOut, 'SERVER_WANTS_SIGN_IN'],
] as const)(
  'a client of 2026-07-28 is served once its server with sessions is right again, which at first %s',
  async (_what, wrong, code) => {
    const { clock, advance } = movedClock()
    const gateway = await startGateway({ policy: simplePolicy(), ports: { clock } })
    onTestFinished(() => gateway.close())
    const server = await scriptedServer()
    await gateway.addRemote('far', server.url)
    const client = gateway.connect('far')
    const list = () => client.request('tools/list', { _meta: modernMeta })
    // Turned down once, so that one which can fall back does.
    expect((await client.request('server/discover', { _meta: modernMeta })).error?.code).toBe(-32601)
    advance(3_000)

    server.answer(wrong)
    for (const answer of await Promise.all([list(), list()])) expect(answer.error?.data?.code).toBe(code)
    server.answer(() => false)
    server.got.length = 0
    for (const answer of await Promise.all([list(), list()])) {
      expect(answer.result).toMatchObject({ resultType: 'complete', tools: [{}, {}] })
    }
    expect(server.of('initialize')).toHaveLength(1)
  },
)

test.each([
  ['that cannot be read', '{"jsonrpc":"2.0","id":$ID,"id":1,"result":{}}', '-32600'],
  ['that is too long', '{"jsonrpc":"2.0","id":$ID,"result":{"pad":"$PAD"}}', 'MESSAGE_TOO_LARGE'],
  [
    'that is too long and says last what it answers',
    '{"jsonrpc":"2.0","result":{"pad":"$PAD"},"id":$ID}',
    'MESSAGE_TOO_LARGE',
  ],
])('a session goes on after an answer to `initialize` %s', async (_what, line, code) => {
  const gateway = await startGateway({ policy: simplePolicy(), settings: { max_message_bytes: 65_536 } })
  onTestFinished(() => gateway.close())
  const cue = join(gateway.folder, 'frail.cue')
  await gateway.addServer('frail', 'frail-server', { FRAIL_CUE: cue })
  const client = gateway.connect('frail')
  writeFileSync(cue, `say ${line}`)
  const { error } = await client.initialize()
  expect([String(error?.code), error?.data?.code]).toContain(code)
  expect((await client.request('ping')).result).toEqual({})
  rmSync(cue)
  expect((await client.initialize()).result).toMatchObject({ serverInfo: { name: 'frail' } })
  expect((await client.call('read_state')).outcome).toBe('ok')
})
