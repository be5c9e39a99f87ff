import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { simplePolicy } from '../fakes/gateway.ts'
import type { RawClient } from '../fakes/raw-client.ts'
import { answering, rulesOf, startOdd } from '../fakes/traffic.ts'

let odd: Awaited<ReturnType<typeof startOdd>>
let client: RawClient
afterEach(() => odd.gateway.close())

async function begin(policy: string): Promise<void> {
  odd = await startOdd(policy)
  client = await odd.connect()
}

const key = 'ghp_aB3dE5gH7jK9mN1pQ3sT5vW7xY9zA2cD4fG6'
const contents = answering({ contents: [{ uri: 'notes://a', text: `the key is ${key}` }] })

/** A request of each kind that a client makes, and the name under which it is recorded. */
const asked: [kind: string, method: string, params: object, name: string][] = [
  ['resource', 'resources/read', { uri: 'notes://a' }, 'notes://a'],
  ['resource', 'resources/subscribe', { uri: 'notes://a' }, 'notes://a'],
  ['prompt', 'prompts/get', { name: 'greet' }, 'greet'],
  [
    'completion',
    'completion/complete',
    { ref: { type: 'ref/prompt', name: 'greet' }, argument: { name: 'who', value: 'A' } },
    'greet',
  ],
]

test.for(asked)(
  'a %s is decided, recorded before it is forwarded, scanned and closed: %s',
  async ([kind, method, params, name]) => {
    await begin(simplePolicy())
    const answer = await client.request(method, { ...params, ...contents })
    expect(JSON.stringify(answer)).toContain('[masked: github-token]')
    expect(JSON.stringify(answer)).not.toContain(key)
    const entries = odd.calls(kind)
    expect(entries.map(({ state, outcome }) => [state, outcome])).toEqual([
      ['decided', undefined],
      ['forwarding', undefined],
      ['closed', 'executed'],
    ])
    expect(entries[0]).toMatchObject({
      ...{ method, tool_name: name, tool_action: 'read', policy_decision: 'ALLOW', rule_ids: ['allow-reads'] },
    })
    expect(entries[2]).toMatchObject({ dlp_result: 'masked', findings: [{ rule: 'github-token', where: 'result' }] })
  },
)

test.for(asked)(
  'a denied %s never reaches the server, and the answer says which rule and what to do: %s',
  async ([kind, method, params]) => {
    await begin(rulesOf(`id: no-such, match: { labels: { mcp.kind: ${kind} } }, decision: DENY, reason: not here`))
    const { error } = await client.request(method, params)
    expect(error).toMatchObject({ code: 40301, data: { code: 'POLICY_DENIED' } })
    expect(error?.message).toMatch(/rule `no-such` denies this call: not here[\s\S]*What to do: /)
    expect(odd.arrived()).not.toContain(method)
    expect(odd.calls(kind).at(-1)).toMatchObject({ state: 'closed', outcome: 'blocked', reason_code: 'POLICY_DENIED' })
  },
)

test('without a rule that covers it nothing is read: errors deny here too', async () => {
  await begin(rulesOf('id: one, match: { labels: { mcp.tool: read_odd } }, decision: ALLOW'))
  expect((await client.request('resources/read', { uri: 'notes://a' })).error?.data?.code).toBe('NO_RULE')
  expect((await client.call('read_odd')).outcome).not.toBe('NO_RULE')
})

test('a held read of a resource waits for a person, shows the URI, and runs once it is approved', async () => {
  await begin(rulesOf('id: ask, match: { labels: { mcp.kind: resource } }, decision: REQUIRE_APPROVAL, level: 1'))
  const answer = client.request('resources/read', { uri: 'notes://a', ...contents })
  const view = await odd.gateway.pending('notes://a')
  expect(view).toMatchObject({ kind: 'resource', action: 'read', resources: ['notes://a'] })
  expect(JSON.parse(view.arguments)).toMatchObject({ uri: 'notes://a' })
  expect(odd.arrived()).not.toContain('resources/read')
  await odd.gateway.answer(view, 'approve')
  expect((await answer).result).toBeDefined()
  expect(odd.calls('resource').map(({ state }) => state)).toEqual([
    ...['decided', 'held', 'answered', 'decided', 'forwarding', 'closed'],
  ])
})

test('a denied hold answers with the error of the protocol', async () => {
  await begin(rulesOf('id: ask, match: { labels: { mcp.kind: prompt } }, decision: REQUIRE_APPROVAL, level: 1'))
  const answer = client.request('prompts/get', { name: 'greet' })
  await odd.gateway.answer(await odd.gateway.pending('greet'), 'deny', 'not today')
  expect((await answer).error).toMatchObject({ data: { code: 'APPROVAL_DENIED' } })
})

test('a client that cancels a read is not answered, its server hears of it, and the record says so', async () => {
  await begin(simplePolicy())
  client.write('{"jsonrpc":"2.0","id":5,"method":"resources/read","params":{"uri":"notes://a","hold":true}}')
  await expect.poll(() => odd.arrived()).toContain('resources/read')
  client.notify('notifications/cancelled', { requestId: 5 })
  await expect.poll(() => odd.arrived()).toContain('notifications/cancelled')
  await expect.poll(() => odd.calls('resource').at(-1)?.outcome).toBe('cancelled')
  expect((await client.request('ping')).error).toBeDefined()
  expect(client.lines.some((line) => line.includes('"id":5'))).toBe(false)
})

test("a rule by URI holds for other spellings of the URI, and Toolgate's own files are never read", async () => {
  await begin(
    simplePolicy(`  - id: no-secrets
    match: { labels: { mcp.kind: resource, mcp.name: "file:///srv/secret/*" } }
    decision: DENY
`),
  )
  const code = async (uri: string) => (await client.request('resources/read', { uri, ...contents })).error?.data?.code
  expect(await code('file:///srv/secret/a')).toBe('POLICY_DENIED')
  expect(await code('file:///srv/public/../secret/a')).toBe('POLICY_DENIED')
  expect(await code('FILE:///srv/%73ecret/a')).toBe('POLICY_DENIED')
  expect(await code(`file://${join(odd.gateway.profile, 'keys', 'x')}`)).toBe('PROTECTED_PATH')
  expect(await code('file:///srv/public/a')).toBeUndefined()
})

test('a request that does not say what it asks for is refused and recorded', async () => {
  await begin(simplePolicy())
  expect((await client.request('resources/read', {})).error?.data?.code).toBe('MALFORMED_MESSAGE')
  const events = odd.gateway.entries().filter((entry) => entry.kind === 'event' && entry.event === 'request.refused')
  expect(events).toHaveLength(1)
})

test('log messages and progress are counted, not recorded one by one', async () => {
  await begin(simplePolicy())
  const log = Buffer.from('{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info"}}').toString(
    'base64',
  )
  await client.request('odd/listen', { first: [log, log, log] })
  await client.close()
  const passed = () => odd.gateway.entries().find((entry) => entry.kind === 'event' && entry.event === 'session.passed')
  await expect.poll(passed).toMatchObject({ detail: { messages: { 'notifications/message': 3 } } })
})
