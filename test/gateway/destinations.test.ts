import { afterEach, expect, test } from 'vitest'
import { startGateway, type TestGateway } from '../fakes/gateway.ts'

/** Rules about where a call goes, and calls that say it in other ways: real client, real server. */
let gateway: TestGateway
afterEach(() => gateway.close())

async function begin(rules: string) {
  gateway = await startGateway({ policy: `version: v1\nrules:\n${rules}` })
  await gateway.addServer('notes', 'notes-server')
  const client = gateway.connect('notes')
  await client.initialize()
  return client
}

const onlyGood = `  - id: good
    match: { labels: { mcp.server: notes } }
    when: resource.hosts.all(h, h == "good.example")
    decision: ALLOW
`
const neverEvil = `  - id: evil
    match: { labels: { mcp.server: notes } }
    when: '"evil.example" in resource.hosts'
    decision: DENY
`

/** As `fetch` of Node takes them, each leads to evil.example. */
const disguised = [
  'https://evil.example/x',
  'https://good.example)@evil.example/x',
  'https://good.example]@evil.example/x',
  "https://good.example'@evil.example/x",
  'https:/evil.example/x',
  'https:\\\\evil.example/x',
  'https:evil.example/x',
  'https://ev\til.example/x',
  'https://evil.example./x',
  'HTTPS://EVIL.example:443/x',
]

test('a host that is denied is denied however its address is written, wherever it stands', async () => {
  const client = await begin(onlyGood + neverEvil)
  const code = async (params: object) =>
    (await client.request('tools/call', { name: 'read_note', arguments: {}, ...params })).result
  for (const text of disguised) {
    expect(URL.parse(text)?.hostname.replace(/\.$/, '')).toBe('evil.example')
    expect((await client.call('read_note', { text })).outcome).toBe('POLICY_DENIED')
    expect((await client.call('read_note', { [text]: 1 })).outcome).toBe('POLICY_DENIED')
  }
  const [text = ''] = disguised
  for (const params of [{ _meta: { to: text } }, { else: [text] }, { inputResponses: { a: { content: { text } } } }]) {
    expect(JSON.stringify(await code(params))).toContain('POLICY_DENIED')
  }
  expect((await client.call('read_note', { text: 'https://good.example/x (see https://good.example)' })).outcome).toBe(
    'ok',
  )
})

test('without a rule that denies it, a disguised host is none of those that are allowed', async () => {
  const client = await begin(onlyGood)
  for (const text of disguised) expect((await client.call('read_note', { text })).outcome).toBe('NO_RULE')
})

test('what a client says of itself, and what names a request, is no place that the call goes to', async () => {
  const client = await begin(onlyGood)
  const clientInfo = { name: 'a', version: '1', websiteUrl: 'https://client.example', icons: [] }
  const _meta = {
    'io.modelcontextprotocol/clientInfo': clientInfo,
    baggage: 'at=https://trace.example',
    progressToken: 'https://token.example/1',
  }
  const { result } = await client.request('tools/call', { name: 'read_note', arguments: { text: 'x' }, _meta })
  expect(JSON.stringify(result)).toContain('read_note did')
})

test('whoever is asked reads where a call goes, however it says so', async () => {
  const client = await begin(
    onlyGood
      .replace('decision: ALLOW', 'decision: REQUIRE_APPROVAL')
      .replace('.all(h, h == "good.example")', '.size() > 0'),
  )
  const asked = client.call('read_note', { text: 'https:/good.example)@evil.example./x' })
  const view = await gateway.pending('read_note')
  expect(view.goes_to).toEqual(['evil.example', 'good.example'])
  expect(view.resources).toContain('https://evil.example/x')
  await gateway.answer(view, 'deny')
  expect((await asked).outcome).toBe('APPROVAL_DENIED')
})
