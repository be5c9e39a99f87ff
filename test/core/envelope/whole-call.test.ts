import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Settings } from '../../../shared/settings.ts'
import { person, simplePolicy, startGateway, type TestGateway } from '../../fakes/gateway.ts'
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

/** So much that a call is looked into beside the event loop. */
const padding = 'some words '.repeat(25_000)

test('of a long call the same is refused, and what it holds is on record', async () => {
  const key = join(gateway.paths.keys, 'control')
  expect(await read({ arguments: { text: padding, more: key } })).toContain('PROTECTED_PATH')
  expect(await read({ arguments: { text: padding }, _meta: { note: key } })).toContain('PROTECTED_PATH')
  const token = ['gl', 'pat-', 'aB3dE5gH7jK9mN1pQ3sT'].join('')
  expect(await read({ arguments: { text: padding, more: [token, token], from: 'https://a.example/b' } })).toContain(
    'read_note did',
  )
  const decided = gateway.entries().findLast((entry) => entry.kind === 'call' && entry.state === 'decided')
  expect(decided).toMatchObject({
    findings: [{ rule: 'gitlab-token', count: 2, where: 'arguments' }],
    risk_factors: expect.arrayContaining([
      expect.objectContaining({ name: 'external_destination', detail: 'a.example' }),
      expect.objectContaining({ name: 'secret_in_arguments', detail: 'gitlab-token' }),
    ]),
  })
})

const secret = ['gh', 'p_', 'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0dF3hJ6'].join('')
const decided = () => gateway.entries().findLast((entry) => entry.kind === 'call' && entry.state === 'decided')

test.each<[string, object]>([
  ['on a line of its own', { arguments: { text: `# notes\n${secret}\n` } }],
  ['in JSON in an argument', { arguments: { text: JSON.stringify({ it: `is\n${secret}` }) } }],
  ['in metadata', { _meta: { note: `it is\n${secret}` } }],
  ['as a token of progress', { _meta: { progressToken: secret } }],
  ['in a member that nobody knows', { else: [secret] }],
  ['in a long call', { arguments: { text: padding, more: `it is\n${secret}` } }],
  ['beside a long argument', { arguments: { text: padding }, else: [`it is\n${secret}`] }],
])('a secret %s is on record, and counts as a risk', async (_where, params) => {
  expect(await read(params)).toContain('read_note did')
  expect(decided()).toMatchObject({
    findings: [{ rule: 'github-token', count: 1, where: 'arguments' }],
    risk_factors: expect.arrayContaining([expect.objectContaining({ name: 'secret_in_arguments' })]),
  })
})

test('what names a request is no secret', async () => {
  const _meta = {
    progressToken: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
    traceparent: '00-4bf92f3577b4111111111111111e0e47-00f067aa0ba902b7-01',
    'io.modelcontextprotocol/related-task': { taskId: '786512e2-9e0d-44bd-8f29-789f320fe840' },
  }
  expect(await read({ _meta })).toContain('read_note did')
  expect(decided()).not.toHaveProperty('findings')
})

test('a tool whose review ended while a long call of it was looked into does not run', async () => {
  const busy = gateway.connect('notes')
  await busy.initialize()
  const secrets = { text: 'token=a1b2c3d4e5f6g7h8i9j0 '.repeat(30_000) }
  // They take turns, so the last one is looked into long after it came in.
  const before = Array.from({ length: 8 }, () => busy.request('tools/call', { name: 'read_note', arguments: secrets }))
  await before[0]
  const last = read({ arguments: { text: padding } })
  // It has come in once what came after it is answered.
  await client.request('ping', {})
  await gateway.core.handlers['tools.retire']({ server: 'notes', tools: ['read_note'] }, person)
  expect(await last).toContain('TOOL_NOT_REVIEWED')
  await Promise.all(before)
  await gateway.approveServer('notes')
  expect(await read({ arguments: { text: padding } })).toContain('read_note did')
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
