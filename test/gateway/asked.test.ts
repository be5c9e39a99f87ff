import { afterEach, expect, test } from 'vitest'
import { simplePolicy } from '../fakes/gateway.ts'
import { modernMeta } from '../fakes/http-client.ts'
import type { RawClient } from '../fakes/raw-client.ts'
import { answering, rulesOf, saying, startOdd } from '../fakes/traffic.ts'

let odd: Awaited<ReturnType<typeof startOdd>>
let client: RawClient
afterEach(() => odd.gateway.close())

async function begin(policy: string, options: Parameters<typeof startOdd>[1] = {}): Promise<void> {
  odd = await startOdd(policy, options)
  client = await odd.connect()
}

const key = 'ghp_aB3dE5gH7jK9mN1pQ3sT5vW7xY9zA2cD4fG6'
const sampling = {
  ...{ id: 's-1', method: 'sampling/createMessage' },
  params: { messages: [{ role: 'user', content: { type: 'text', text: `what is ${key}?` } }], maxTokens: 9 },
}
const link = (url: string) => ({
  ...{ id: 's-1', method: 'elicitation/create' },
  params: { mode: 'url', message: 'sign in', url, elicitationId: 'e-1' },
})
const form = (field: string) => ({
  ...{ id: 's-1', method: 'elicitation/create' },
  params: { message: 'who?', requestedSchema: { type: 'object', properties: { [field]: { type: 'string' } } } },
})
const allow = (kind: string) => rulesOf(`id: allow, match: { labels: { mcp.kind: ${kind} } }, decision: ALLOW`)

/** The question as it came to the client. */
const asked = () => client.line((line) => line.includes('"s-1"') && line.includes('"method"'))
/** What the server got for its question. */
async function replied(): Promise<Record<string, unknown>> {
  await expect.poll(() => odd.got('"s-1"').filter((line) => !line.includes('odd/'))).toHaveLength(1)
  return JSON.parse(odd.got('"s-1"').filter((line) => !line.includes('odd/'))[0] ?? '')
}
const reply = (result: object) => client.write(JSON.stringify({ jsonrpc: '2.0', id: 's-1', result }))

test('sampling that a rule allows is recorded, and masked on its way there and back', async () => {
  await begin(allow('sampling'))
  await client.request('odd/asks', saying(sampling))
  expect(String(await asked())).toContain('what is [masked: github-token]?')
  reply({ role: 'assistant', model: 'm', content: { type: 'text', text: `it is ${key}` } })
  expect(JSON.stringify(await replied())).toContain('it is [masked: github-token]')
  const entries = odd.calls('sampling')
  expect(entries.map(({ state, outcome }) => outcome ?? state)).toEqual(['decided', 'forwarding', 'executed'])
  expect(entries[0]).toMatchObject({ tool_action: 'write', method: 'sampling/createMessage', tool_server: 'odd' })
  expect(entries[2]).toMatchObject({ dlp_result: 'masked', findings: [{ rule: 'github-token', where: 'result' }] })
})

test.for([
  ['sampling', sampling],
  ['elicitation', form('name')],
  ['elicitation', link('https://a.example/x')],
  ['roots', { id: 's-1', method: 'roots/list' }],
] as const)(
  'a refused %s never reaches the client; its server gets an error without reasons',
  async ([kind, question]) => {
    await begin(
      rulesOf(`id: secret-rule, match: { labels: { mcp.kind: ${kind} } }, decision: DENY, reason: our secret`),
    )
    await client.request('odd/asks', saying(question))
    const { error } = (await replied()) as { error: object }
    expect(error).toMatchObject({ code: 40301, data: { code: 'POLICY_DENIED' } })
    expect(JSON.stringify(error)).not.toMatch(/secret/)
    expect(client.lines.some((line) => line.includes('"s-1"'))).toBe(false)
    expect(odd.calls(kind).at(-1)).toMatchObject({ outcome: 'blocked', reason_code: 'POLICY_DENIED' })
  },
)

test('a link to open waits for a person, who sees its full domain', async () => {
  await begin(simplePolicy())
  void client.request('odd/asks', saying(link('https://accounts.google.com@xn--ggle-0nda.example:8443/login?x=1')))
  const view = await odd.gateway.pending('xn--ggle-0nda.example:8443')
  expect(view).toMatchObject({ kind: 'elicitation', action: 'write' })
  expect(view.resources).toEqual([
    'https://accounts.google.com@xn--ggle-0nda.example:8443/login?x=1',
    'https://xn--ggle-0nda.example:8443/login?x=1',
  ])
  expect(client.lines.some((line) => line.includes('"s-1"'))).toBe(false)
  await odd.gateway.answer(view, 'approve')
  await asked()
  reply({ action: 'accept' })
  expect(await replied()).toMatchObject({ result: { action: 'accept' } })
})

test('a link that is none for a browser reaches nobody', async () => {
  await begin(allow('elicitation'))
  await client.request('odd/asks', saying(link('javascript:alert(1)')))
  expect(await replied()).toMatchObject({ error: { data: { code: 'MALFORMED_MESSAGE' } } })
  expect(client.lines.some((line) => line.includes('javascript'))).toBe(false)
})

test('a form passes; one that asks for a secret is flagged and asks a person at level 3', async () => {
  await begin(simplePolicy())
  await client.request('odd/asks', saying(form('favourite_colour')))
  await asked()
  reply({ action: 'accept', content: { favourite_colour: 'blue' } })
  expect(await replied()).toMatchObject({ result: { content: { favourite_colour: 'blue' } } })
  void client.request('odd/asks', saying({ ...form('githubApiKey'), id: 's-2' }))
  const view = await odd.gateway.pending('form')
  expect(view.level).toBe(3)
  expect(view.risk.factors).toContainEqual({ name: 'asks_for_secret', points: 70, detail: 'a field `githubApiKey`' })
  await odd.gateway.answer(view, 'deny')
})

test('the roots of a client are named once a rule for reads allows it', async () => {
  await begin(simplePolicy())
  await client.request('odd/asks', saying({ id: 's-1', method: 'roots/list' }))
  await asked()
  reply({ roots: [{ uri: 'file:///srv/a' }] })
  expect(await replied()).toMatchObject({ result: { roots: [{ uri: 'file:///srv/a' }] } })
  expect(odd.calls('roots')[0]).toMatchObject({ policy_decision: 'ALLOW', tool_action: 'read' })
  expect(odd.calls('roots').at(-1)).toMatchObject({ outcome: 'executed' })
})

test('when a server takes its question back while a person is asked, nobody is asked any more', async () => {
  await begin(simplePolicy())
  void client.request('odd/asks', saying(sampling))
  await odd.gateway.pending('sampling/createMessage')
  await client.request('odd/more', saying({ method: 'notifications/cancelled', params: { requestId: 's-1' } }))
  await expect.poll(() => odd.calls('sampling').at(-1)?.outcome).toBe('cancelled')
  expect(client.lines.some((line) => line.includes('"s-1"'))).toBe(false)
})

test('stopping everything ends a question too, and its server is not left waiting', async () => {
  await begin(allow('sampling'))
  await client.request('odd/asks', saying(sampling))
  await asked()
  await odd.gateway.core.handlers.stop({ reason: '' }, { name: 'terminal', present: true, pid: process.pid })
  expect(await replied()).toMatchObject({ error: { data: { code: 'CALL_CANCELLED' } } })
})

test('with an answer that asks back (2026-07-28) the questions are decided: a refused one withholds the answer', async () => {
  const inputRequests = {
    a: { method: 'elicitation/create', params: form('name').params },
    b: { ...sampling, id: undefined },
  }
  const asks = (which: ('a' | 'b')[]) =>
    answering({
      ...{ resultType: 'input_required', requestState: 's' },
      inputRequests: Object.fromEntries(which.map((name) => [name, inputRequests[name]])),
    })
  await begin(simplePolicy('  - { id: no-sampling, match: { labels: { mcp.kind: sampling } }, decision: DENY }\n'), {
    modern: true,
  })
  const call = (which: ('a' | 'b')[]) =>
    client.request('tools/call', { name: 'read_odd', arguments: asks(which), _meta: modernMeta })
  expect((await call(['a'])).result).toMatchObject({ resultType: 'input_required' })
  const refused = await call(['a', 'b'])
  expect(refused.result).toMatchObject({ isError: true, _meta: { 'dev.toolgate/refusal': { code: 'POLICY_DENIED' } } })
  expect(JSON.stringify(refused)).not.toContain('inputRequests')
  const [asking] = odd.calls('elicitation')
  const outer = odd.gateway.entries().find((entry) => entry.kind === 'call' && entry.tool_name === 'read_odd')
  expect(asking?.correlation_id).toBe(outer?.kind === 'call' ? outer.call_id : '')
  expect(odd.calls('sampling').at(-1)).toMatchObject({ outcome: 'blocked' })
})

test('links that a server requires in an error (2025-11-25) are decided as well', async () => {
  await begin(rulesOf('id: reads, match: { labels: { mcp.action: read } }, decision: ALLOW'))
  const elicitations = [{ mode: 'url', url: 'https://a.example/', message: 'm', elicitationId: 'e' }]
  const error = { code: -32042, message: 'open this first', data: { elicitations } }
  const answer = Buffer.from(`{"jsonrpc":"2.0","id":@ID@,"error":${JSON.stringify(error)}}`).toString('base64')
  expect((await client.call('read_odd', { answer })).outcome).toBe('NO_RULE')
  expect(odd.calls('elicitation').at(-1)).toMatchObject({ tool_name: 'a.example', outcome: 'blocked' })
})

test('news, and answers to what only passed, may ask nothing: they reach nobody', async () => {
  await begin(allow('elicitation'), { modern: true })
  const asks = { inputRequests: { a: { method: 'elicitation/create', params: form('name').params } } }
  const news = saying({ method: 'notifications/tasks', params: { taskId: 't-1', status: 'input_required', ...asks } })
  const passed = await client.request('vendor/new', {
    ...news,
    ...answering({ resultType: 'input_required', ...asks }),
    _meta: modernMeta,
  })
  expect(passed.error?.data?.code).toBe('RESULT_WITHHELD')
  expect(client.lines.some((line) => line.includes('inputRequests'))).toBe(false)
  const kept = odd.gateway.entries().filter((entry) => entry.kind === 'event' && entry.event === 'message.withheld')
  expect(kept).toHaveLength(1)
})

test('an answer that could be read in two ways ends its question, and never reaches the server', async () => {
  await begin(allow('sampling'))
  await client.request('odd/asks', saying(sampling))
  await asked()
  client.write('{"jsonrpc":"2.0","id":"s-1","result":{"model":"a"},"result":{"model":"b"}}')
  expect(await replied()).toMatchObject({ error: { data: { code: 'RESULT_WITHHELD' } } })
  expect(odd.calls('sampling').at(-1)).toMatchObject({ outcome: 'withheld' })
})
