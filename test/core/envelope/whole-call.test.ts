import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Settings } from '../../../shared/settings.ts'
import { simplePolicy, startGateway, type TestGateway } from '../../fakes/gateway.ts'
import type { RawClient } from '../../fakes/raw-client.ts'

let gateway: TestGateway
let client: RawClient

beforeAll(async () => {
  // One client is refused here more often than the gate for protected paths lets it.
  const { gates } = Settings.parse({ gates: { protected_paths: { on: false } } })
  gateway = await startGateway({ policy: simplePolicy(), settings: { gates } })
  await gateway.addServer('notes', 'notes-server')
  client = gateway.connect('notes')
  await client.initialize()
})
afterAll(() => gateway.close())

const read = async (params: object) =>
  JSON.stringify(await client.request('tools/call', { name: 'read_note', arguments: {}, ...params }))

test.each<[string, (key: string) => object]>([
  ['arguments', (key) => ({ arguments: { text: key } })],
  ['metadata', (key) => ({ _meta: { note: key } })],
  ['answers to a question of the server', (key) => ({ inputResponses: { a: { content: { where: key } } } })],
  ['a member that nobody knows', (key) => ({ else: { deeper: [key] } })],
])('a protected path in %s refuses the call', async (_what, params) => {
  expect(await read(params(join(gateway.paths.keys, 'control')))).toContain('PROTECTED_PATH')
})

test('a call with more paths than can be checked is refused', async () => {
  const answer = await read({ arguments: { text: 'x', paths: Array.from({ length: 6000 }, (_, i) => `/tmp/${i}`) } })
  expect(answer).toContain('too many or too deep paths to check')
})

test('reading a folder that holds the profile is allowed, and its risk says so', async () => {
  expect(await read({ arguments: { text: dirname(gateway.profile) } })).toContain('read_note did')
  const decided = gateway.entries().findLast((entry) => entry.kind === 'call' && entry.state === 'decided')
  expect(decided).toMatchObject({
    risk_factors: expect.arrayContaining([
      { name: 'near_protected', points: 15, detail: `${dirname(gateway.profile)} holds protected files` },
    ]),
  })
})
