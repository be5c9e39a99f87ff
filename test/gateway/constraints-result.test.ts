import { afterEach, expect, test } from 'vitest'
import type { CallEntry, StoredEntry } from '../../shared/audit.ts'
import { simplePolicy } from '../fakes/gateway.ts'
import { legacyClient, modernClient, tokenFor } from '../fakes/http-client.ts'
import type { RawClient } from '../fakes/raw-client.ts'
import { answering, startOdd } from '../fakes/traffic.ts'

let odd: Awaited<ReturnType<typeof startOdd>>
afterEach(() => odd.gateway.close())

/** A rule about the reading tool of the server; `more` is about what else it matches. */
const bounded = (id: string, constraints: string, labels = 'mcp.server: odd') =>
  `  - { id: ${id}, match: { labels: { ${labels} } }, decision: ALLOW_WITH_CONSTRAINTS, constraints: { ${constraints} } }\n`

async function begin(...rules: string[]): Promise<RawClient> {
  odd = await startOdd(simplePolicy(rules.join('')), { http: true })
  return odd.connect()
}

const read = (client: RawClient, result: object) =>
  client.request('tools/call', { name: 'read_odd', arguments: answering(result) })

/** What the records that close calls say of their bounds. */
const results = () =>
  odd.gateway
    .entries()
    .filter((entry): entry is StoredEntry & CallEntry => entry.kind === 'call' && entry.state === 'closed')
    .map(({ outcome, constraint_results }) => ({ outcome, bounds: constraint_results }))

const text = (value: string) => ({ type: 'text', text: value })
const rows = (count: number) => Array.from({ length: count }, (_, id) => ({ id, email: `u${id}@example.com` }))

test('an answer longer than `max_bytes` is kept back, with its size and what to do; one of that length passes', async () => {
  const client = await begin(bounded('short', 'max_bytes: 500'))
  expect((await read(client, { content: [text('x'.repeat(300))] })).result?.isError).toBeUndefined()
  const { result } = await read(client, { content: [text('x'.repeat(600))] })
  expect(result?._meta?.['dev.toolgate/refusal']?.code).toBe('RESULT_TOO_LARGE')
  expect(result?.content?.[0]?.text).toMatch(
    /`max_bytes`, set by `short`: the answer has 6\d\d bytes, and at most 500 are let through[\s\S]*What to do: ask for less/,
  )
  expect(JSON.stringify(result)).not.toContain('xxxx')
  expect(results()).toMatchObject([
    { outcome: 'executed_with_constraints', bounds: [{ bound: 'max_bytes', rule: 'short', result: 'held' }] },
    { outcome: 'withheld', bounds: [{ bound: 'max_bytes', rule: 'short', result: 'refused' }] },
  ])
})

test('`max_rows` cuts lists as values and as text; the agent is told, and the kept rows are as they were', async () => {
  const client = await begin(bounded('few', 'max_rows: 2'), bounded('many', 'max_rows: 100'))
  const answer = { content: [text(JSON.stringify({ rows: rows(5) }))], structuredContent: { rows: rows(5), total: 5 } }
  const { result } = (await read(client, answer)) as {
    result: { content: { text: string }[]; structuredContent: object }
  }
  expect(result.structuredContent).toEqual({ rows: rows(2), total: 5 })
  expect(JSON.parse(result.content[0]?.text ?? '')).toEqual({ rows: rows(2) })
  expect(result.content.at(-1)?.text).toBe(
    'Toolgate: only 2 of 5 rows are passed on, because policy allows no more (`max_rows`, set by `few`, `many`). Ask for fewer, or for the next ones by themselves.',
  )
  expect((await read(client, { content: [text(JSON.stringify(rows(2)))] })).result?.content).toEqual([
    text(JSON.stringify(rows(2))),
  ])
  expect(results()).toMatchObject([
    { bounds: [{ bound: 'max_rows', result: 'truncated', detail: '2 of 5 rows' }] },
    { bounds: [{ bound: 'max_rows', result: 'held', detail: '2 rows' }] },
  ])
})

test('rows that cannot be counted are kept back; what a tool says of an error is not', async () => {
  const client = await begin(bounded('few', 'max_rows: 2'))
  const kept = await read(client, { content: [text("[(1, 'a'), (2, 'b'), (3, 'c')]")] })
  expect(kept.result?._meta?.['dev.toolgate/refusal']?.code).toBe('RESULT_WITHHELD')
  expect(kept.result?.content?.[0]?.text).toContain(
    '`max_rows`, set by `few`: the rows of the answer cannot be counted',
  )
  const error = await read(client, { content: [text('no such table (users)')], isError: true })
  expect(error.result?.content).toEqual([text('no such table (users)')])
})

test('`mask_fields` of all rules mask whatever the fields hold, as values and in text, and everything else stays', async () => {
  const client = await begin(bounded('mail', 'mask_fields: [email]'), bounded('phone', 'mask_fields: phone'))
  const answer = (mask: (value: string) => string) => ({
    content: [
      text(`id,email,note\n1,${mask('a@b.c')},"x, y"\n`),
      text(`{"Email":"${mask('z')}", "n": 1.0}`),
      text(`phone: ${mask('+49 1')}\nid: 7`),
    ],
    structuredContent: { rows: [{ id: 1, email: mask('q'), phone: mask('p') }] },
  })
  const { result } = await read(
    client,
    answer((value) => value),
  )
  expect(result).toEqual(answer(() => '[masked]'))
  expect(results()).toMatchObject([
    { bounds: [{ bound: 'mask_fields', rule: 'mail, phone', result: 'masked', detail: 'email: 3, phone: 2' }] },
  ])
})

test('an answer in which nothing can be masked is kept back', async () => {
  const client = await begin(bounded('mail', 'mask_fields: email'))
  const image = await read(client, { content: [{ type: 'image', data: 'AAAA', mimeType: 'image/png' }] })
  expect(image.result?._meta?.['dev.toolgate/refusal']?.code).toBe('RESULT_WITHHELD')
  expect(image.result?.content?.[0]?.text).toContain('in which no field can be masked')
  client.write(
    JSON.stringify({
      ...{ jsonrpc: '2.0', id: 'beside', method: 'tools/call' },
      params: {
        name: 'read_odd',
        arguments: {
          answer: Buffer.from('{"jsonrpc":"2.0","id":@ID@,"result":{},"extra":"email: a@b.c"}').toString('base64'),
        },
      },
    }),
  )
  const beside = (await client.line((line) => line.includes('"beside"'))).toString()
  expect(beside).toContain('the answer holds more than a result or an error')
  expect(beside).not.toContain('a@b.c')
})

test('errors, resources and prompts are held to the same bounds', async () => {
  const client = await begin(bounded('all', 'mask_fields: email, max_rows: 3'))
  const error = Buffer.from(
    '{"jsonrpc":"2.0","id":@ID@,"error":{"code":-32000,"message":"email=a@b.c","data":{"email":"a@b.c"}}}',
  )
  const failed = await client.request('tools/call', {
    name: 'read_odd',
    arguments: { answer: error.toString('base64') },
  })
  expect(failed.error).toEqual({ code: -32000, message: 'email=[masked]', data: { email: '[masked]' } })
  const contents = [{ uri: 'notes://email', text: JSON.stringify(rows(5)) }]
  const read = (await client.request('resources/read', { uri: 'notes://email', ...answering({ contents }) })) as {
    result: { contents: { uri: string; text: string }[]; _meta: object }
  }
  expect(read.result.contents).toEqual([
    { uri: 'notes://email', text: JSON.stringify(rows(3).map((row) => ({ ...row, email: '[masked]' }))) },
  ])
  expect(read.result._meta).toEqual({ 'dev.toolgate/note': expect.stringContaining('only 3 of 5 rows') })
  const messages = [{ role: 'user', content: text('email: a@b.c') }]
  const prompt = (await client.request('prompts/get', { name: 'p', ...answering({ messages }) })) as { result: object }
  expect(prompt.result).toEqual({ messages: [{ role: 'user', content: text('email: [masked]') }] })
})

test.each([false, true])('the same over HTTP, stateless: %s', async (modern) => {
  const policy = simplePolicy(bounded('all', 'mask_fields: email, max_rows: 1, max_bytes: 700'))
  odd = await startOdd(policy, { http: true, modern })
  const { token } = await tokenFor(odd.gateway.core)
  const port = odd.gateway.core.httpPort ?? 0
  const client = modern ? modernClient(port, token, 'odd') : await legacyClient(port, token, 'odd')
  const complete = modern ? { resultType: 'complete' } : {}
  const list = answering({ ...complete, content: [text(JSON.stringify(rows(3)))] })
  const kept = '[{"id":0,"email":"[masked]"}]'
  expect(await client.call('read_odd', list)).toEqual({ status: 200, outcome: 'ok', text: kept })
  const long = answering({ ...complete, content: [text('x'.repeat(800))] })
  expect((await client.call('read_odd', long)).outcome).toBe('RESULT_TOO_LARGE')
})

test('all other bytes of a masked and cut answer are those of the server', async () => {
  const client = await begin(bounded('all', 'mask_fields: email, max_rows: 1'))
  const odds = '"n" : 1.0e+2,  "big":12345678901234567890, "e":"\\u00e9\\/", "t":"\\ud83d\\ude00"'
  const line = (email: string, more: string) =>
    `{ "result" : {"content":[],"structuredContent":{ ${odds},"rows":[ {"email":${email},"x":[1 , 2]}${more}]} } , "jsonrpc":"2.0","id":@ID@}`
  const note =
    '{"type":"text","text":"Toolgate: only 1 of 2 rows are passed on, because policy allows no more (`max_rows`, set by `all`). Ask for fewer, or for the next ones by themselves."}'
  const answer = Buffer.from(line('{"a":"b"}', ', {"email":1}')).toString('base64')
  client.write(
    `{"jsonrpc":"2.0","id":"exact","method":"tools/call","params":{"name":"read_odd","arguments":{"answer":"${answer}"}}}`,
  )
  const got = (await client.line((found) => found.includes('"exact"'))).toString()
  expect(got).toBe(line('"[masked]"', '').replace('@ID@', '"exact"').replace('"content":[]', `"content":[${note}]`))
})

test('a call that a person lets run is held to its bounds too, and they are shown', async () => {
  const client = await begin(bounded('all', 'mask_fields: email', 'mcp.tool: write_odd'))
  const asked = client.request('tools/call', {
    name: 'write_odd',
    arguments: answering({ content: [text('email: a@b.c')] }),
  })
  const view = await odd.gateway.pending('write_odd')
  expect(view.constraints).toEqual({ mask_fields: ['email'] })
  await odd.gateway.answer(view, 'approve')
  expect((await asked).result?.content).toEqual([text('email: [masked]')])
})
