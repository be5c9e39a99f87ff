import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { expect, onTestFinished, test } from 'vitest'
import { person, startGateway, type TestGateway } from '../fakes/gateway.ts'
import { modernMeta } from '../fakes/http-client.ts'
import { addMixed } from '../fakes/mixed.ts'
import { outcomeOf, type RawClient } from '../fakes/raw-client.ts'

/**
 * In the stateless generation nothing is asked while a call waits: the client is given the question in the answer to its call, asks its person,
 * and makes the call again with what was said (MCP 2026-07-28, multi round-trip requests).
 */
const policy = (needs = ', in_client: true', level = 1) => `version: v1
approvals:
  - { level: 1${needs} }
rules:
  - { id: ask-all, match: { labels: { mcp.kind: tool } }, decision: REQUIRE_APPROVAL, level: ${level} }
  - { id: allow-sampling, match: { labels: { mcp.kind: sampling } }, decision: ALLOW }
`
const yes = { action: 'accept', content: { allow: true } }
const no = { action: 'decline' }
const closed = { action: 'cancel' }

type Result = {
  resultType?: string
  requestState?: string
  inputRequests?: { toolgate: { method: string; params: { message: string; requestedSchema: object } } }
}

async function begin(text = policy(), server = 'notes'): Promise<[TestGateway, RawClient]> {
  const gateway = await startGateway({ policy: text, settings: { hold_sec: 3600 } })
  onTestFinished(() => gateway.close())
  await addMixed(gateway, 'notes', { modern: true, tools: ['read', 'ask'] })
  return [gateway, server === '' ? gateway.connect('', ['--all']) : gateway.connect(server)]
}

/** One call, as its client sends it: `more` is what it brings. */
async function call(client: RawClient, more: object = {}, able: object = { elicitation: {} }, name = 'read') {
  const capabilities = { 'io.modelcontextprotocol/clientCapabilities': able }
  const _meta = { ...modernMeta, ...capabilities }
  const answer = await client.request('tools/call', { name, arguments: { text: 'to \u202edo' }, _meta, ...more })
  return { ...outcomeOf(answer), asked: answer.result as Result }
}
/** What a client brings with the call that it makes again. */
const brings = ({ requestState }: Result, said: object) => ({ inputResponses: { toolgate: said }, requestState })

const settled = (gateway: TestGateway): Record<string, unknown>[] =>
  gateway
    .entries()
    .flatMap((entry) => (entry.kind === 'event' && entry.event === 'approval.settled' ? [entry.detail] : []))
const waiting = (gateway: TestGateway) => gateway.core.handlers['approvals.list']({}, person)

test('the question comes in the answer, and a yes that is brought with the same call lets it run once', async () => {
  const [gateway, client] = await begin()
  const { asked } = await call(client)
  expect(asked).toMatchObject({
    resultType: 'input_required',
    inputRequests: {
      toolgate: {
        method: 'elicitation/create',
        params: {
          mode: 'form',
          message: [
            'raw-http wants to run notes › read, which only reads',
            '{"text":"to \\u{202e}do"}',
            'rule `ask-all` asks a person to approve this call at level 1',
          ].join('\n'),
          requestedSchema: { properties: { allow: { type: 'boolean', default: false } } },
        },
      },
    },
  })
  expect(await waiting(gateway)).toMatchObject([{ state: 'pending', waiting: 0 }])
  const { outcome, text } = await call(client, brings(asked, yes))
  expect(outcome).toBe('ok')
  // Nothing of ours reached the server.
  expect(text).not.toContain('toolgate-asks')
  expect(settled(gateway)).toMatchObject([{ answer: 'approved', door: 'client', level: 1, waiting: 1 }])
  expect(await waiting(gateway)).toEqual([])
  // What was brought is good once, and what comes after it asks anew.
  const again = await call(client, brings(asked, yes))
  expect(again.asked.resultType).toBe('input_required')
  expect(again.asked.requestState).not.toBe(asked.requestState)
})

test('a no that is brought refuses the call, and takes back a yes that somebody else said meanwhile', async () => {
  const [gateway, client] = await begin()
  const first = await call(client)
  const refused = await call(client, brings(first.asked, no))
  expect(refused.outcome).toBe('APPROVAL_DENIED')
  expect(settled(gateway)).toMatchObject([{ answer: 'denied', door: 'client' }])
  const second = await call(client)
  await gateway.answer(await gateway.pending('read'), 'approve')
  expect(await call(client, brings(second.asked, no))).toMatchObject({ outcome: 'APPROVAL_DENIED' })
  expect((await call(client)).asked.resultType).toBe('input_required')
  const told = gateway.entries().flatMap((entry) => (entry.kind === 'call' && entry.answer ? [entry.answer] : []))
  expect(told).toEqual(['asked_in_client', 'asked_in_client', 'asked_in_client'])
})

test('a no counts from a client that by now says that it cannot ask, and when its call is refused for something else', async () => {
  const [gateway, client] = await begin()
  const first = await call(client)
  expect(await call(client, brings(first.asked, no), {})).toMatchObject({ outcome: 'APPROVAL_DENIED' })
  const second = await call(client)
  await gateway.core.handlers.stop({ reason: 'for now', server: 'notes' } as never, person)
  expect((await call(client, brings(second.asked, no))).outcome).not.toBe('ok')
  expect(settled(gateway).map(({ answer }) => answer)).toContain('denied')
})

test('what another Toolgate asks of its client, as a server of this one, reaches it and comes back', async () => {
  const [gateway, client] = await begin()
  const able = { elicitation: {}, sampling: {} }
  const theirs = { inputResponses: { one: yes }, requestState: `toolgate-asks-${'0'.repeat(16)}-${'A'.repeat(43)}` }
  const other = call(client, theirs, able, 'ask')
  await gateway.answer(await gateway.pending('ask'), 'approve')
  expect(JSON.parse((await other).text)).toEqual(theirs)
})

test('what was said elsewhere meanwhile counts when the client comes back: yes, and no whatever is brought', async () => {
  const [gateway, client] = await begin()
  const first = await call(client)
  await gateway.answer(await gateway.pending('read'), 'approve')
  expect(await call(client, brings(first.asked, closed))).toMatchObject({ outcome: 'ok' })
  const second = await call(client)
  await gateway.answer(await gateway.pending('read'), 'deny')
  expect(await call(client, brings(second.asked, yes))).toMatchObject({ outcome: 'APPROVAL_DENIED' })
  expect(settled(gateway).map(({ door }) => door)).toEqual(['terminal', 'terminal'])
})

test.each([
  ['closed', closed],
  ['answered with something else', { action: 'accept', content: { allow: 'yes' } }],
  ['not answered', null],
])('a question that is %s leaves the call to the other doors', async (_, said) => {
  const [gateway, client] = await begin()
  const { asked } = await call(client)
  const outcome = call(client, said === null ? { ...brings(asked, {}), inputResponses: {} } : brings(asked, said))
  await expect.poll(async () => (await waiting(gateway))[0]?.waiting).toBe(1)
  await gateway.answer(await gateway.pending('read'), 'approve')
  expect((await outcome).outcome).toBe('ok')
  expect(settled(gateway)).toMatchObject([{ answer: 'approved', door: 'terminal' }])
})

test('a yes counts for the very call that was shown, and only where it was asked', async () => {
  const [gateway, client] = await begin()
  const { asked } = await call(client)
  const other = { arguments: { text: 'else' } }
  let last = asked
  // Another call than the one that was shown is shown, too, but not for ever.
  for (let round = 2; round <= 3; round++) {
    const shown = await call(client, { ...brings(last, yes), arguments: { text: `else ${round}` } })
    expect(shown.asked.inputRequests?.toolgate.params.message).toContain(`else ${round}`)
    last = shown.asked
  }
  const held = call(client, { ...brings(last, yes), ...other })
  await expect.poll(async () => (await waiting(gateway)).map(({ waiting: calls }) => calls)).toEqual([0, 0, 0, 1])
  for (const view of await waiting(gateway)) await gateway.answer(view, 'deny')
  expect((await held).outcome).toBe('APPROVAL_DENIED')
  const mine = await call(client)
  const stranger = await call(gateway.connect('notes'), brings(mine.asked, yes))
  expect(stranger.asked.resultType).toBe('input_required')
  const forged = { requestState: `${mine.asked.requestState?.slice(0, -43)}${'A'.repeat(43)}` }
  expect((await call(client, brings(forged, yes))).asked.resultType).toBe('input_required')
  expect(settled(gateway).map(({ answer }) => answer)).toEqual(Array(4).fill('denied'))
})

test('a yes for a call that somebody allowed meanwhile allows no other', async () => {
  const [gateway, client] = await begin()
  const { asked } = await call(client)
  await gateway.answer(await gateway.pending('read'), 'approve')
  const other = await call(client, { ...brings(asked, yes), arguments: { text: 'else' } })
  expect(other.asked.inputRequests?.toolgate.params.message).toContain('else')
})

test('two calls that ask the same are each let run by the yes that each brings', async () => {
  const [gateway, client] = await begin()
  const [one, two] = [await call(client), await call(client)]
  expect(await waiting(gateway)).toHaveLength(1)
  expect((await call(client, brings(one.asked, yes))).outcome).toBe('ok')
  expect((await call(client, brings(two.asked, yes))).outcome).toBe('ok')
  expect(settled(gateway)).toMatchObject([{ answer: 'approved' }, { answer: 'approved' }])
})

test('a yes counts for nothing once policy does not say so any more', async () => {
  const [gateway, client] = await begin()
  const { asked } = await call(client)
  const { snapshot } = await gateway.core.handlers['policy.show']({}, person)
  writeFileSync(join(gateway.paths.policy, 'rules.yaml'), policy(''))
  await expect.poll(async () => (await gateway.core.handlers['policy.show']({}, person)).snapshot).not.toBe(snapshot)
  const outcome = call(client, brings(asked, yes))
  await expect.poll(async () => (await waiting(gateway))[0]?.waiting).toBe(1)
  await gateway.answer(await gateway.pending('read'), 'deny')
  expect((await outcome).outcome).toBe('APPROVAL_DENIED')
  expect(settled(gateway)).toMatchObject([{ door: 'terminal' }])
})

test.each<[string, string, object]>([
  ['policy does not say so', policy(''), { elicitation: {} }],
  ['it is of a higher level', policy(', in_client: true', 2), { elicitation: {} }],
  ['the client cannot ask', policy(), {}],
  ['the client opens links alone', policy(), { elicitation: { url: {} } }],
])('the client is not asked where %s', async (_, text, able) => {
  const [gateway, client] = await begin(text)
  const outcome = call(client, {}, able)
  await gateway.answer(await gateway.pending('read'), 'deny')
  expect((await outcome).outcome).toBe('APPROVAL_DENIED')
})

test('what a server asks for in its answer goes on as before, and is not mixed with what we ask', async () => {
  const [gateway, client] = await begin()
  const able = { elicitation: {}, sampling: {} }
  const { asked } = await call(client, {}, able, 'ask')
  const theirs = await call(client, brings(asked, yes), able, 'ask')
  expect(theirs.asked).toMatchObject({ resultType: 'input_required', inputRequests: { one: {} } })
  const said = { role: 'assistant', model: 'm', content: { type: 'text', text: 'yes' } }
  const input = { inputResponses: { one: said }, requestState: theirs.asked.requestState }
  const done = await call(client, input, able, 'ask')
  expect(JSON.parse(done.text)).toEqual(input)
  // With input for a server that nobody approved, only the other doors are left.
  const unknown = call(client, { ...input, requestState: 'other' }, able, 'ask')
  await gateway.answer(await gateway.pending('ask'), 'deny')
  expect((await unknown).outcome).toBe('APPROVAL_DENIED')
})

test('at the address of all servers the question comes and is answered in the same way', async () => {
  const [, client] = await begin(policy(), '')
  const { asked } = await call(client, {}, { elicitation: {} }, 'notes__read')
  expect(asked.inputRequests?.toolgate.params.message).toContain('notes › read')
  expect((await call(client, brings(asked, yes), { elicitation: {} }, 'notes__read')).outcome).toBe('ok')
})

test('the SDK of version 2 asks its person by itself, and comes back with what they said', async () => {
  const [gateway] = await begin()
  const shim = join(import.meta.dirname, '..', '..', 'src-main', 'shim', 'main.ts')
  const client = new Client(
    { name: 'sdk-v2', version: '1' },
    { capabilities: { elicitation: { form: {} } }, versionNegotiation: { mode: 'auto' } },
  )
  const said = [yes, no]
  const questions: string[] = []
  client.setRequestHandler('elicitation/create', async ({ params }) => {
    questions.push(params.message)
    return said[questions.length - 1] as { action: 'accept' }
  })
  const words = [shim, '--profile', gateway.profile, 'notes']
  await client.connect(new StdioClientTransport({ command: process.execPath, args: words }))
  onTestFinished(() => client.close())
  const read = async () => outcomeOf({ result: (await client.callTool({ name: 'read', arguments: {} })) as object })
  expect((await read()).outcome).toBe('ok')
  expect((await read()).outcome).toBe('APPROVAL_DENIED')
  expect(questions[0]).toContain('sdk-v2 wants to run notes › read')
  expect(settled(gateway).map(({ door }) => door)).toEqual(['client', 'client'])
})
