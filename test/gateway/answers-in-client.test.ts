import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { person, startGateway, type TestGateway } from '../fakes/gateway.ts'
import { movedClock } from '../fakes/moved-clock.ts'
import { addPeople, pageOf, pins } from '../fakes/people-here.ts'
import type { RawClient } from '../fakes/raw-client.ts'

/** Where policy says so a client may ask its person itself, and its word counts for a read at level 1 and for nothing else. */
const policy = (needs: string, level = 1) => `version: v1
approvals:
  - { level: 1${needs} }
rules:
  - id: ask-all
    match: { labels: { mcp.action: [read, write] } }
    decision: REQUIRE_APPROVAL
    level: ${level}
`
const inClient = ', in_client: true'

async function begin(rules: string, elicitation: object | null = {}): Promise<[TestGateway, RawClient]> {
  const gateway = await startGateway({ policy: rules, settings: { hold_sec: 3600 } })
  onTestFinished(() => gateway.close())
  await gateway.addServer('notes', 'notes-server')
  return [gateway, await connect(gateway, elicitation)]
}

/** A client of the generation with sessions that says what it can ask its person. */
async function connect(gateway: TestGateway, elicitation: object | null = {}): Promise<RawClient> {
  const client = gateway.connect('notes')
  const capabilities = elicitation ? { elicitation } : {}
  const clientInfo = { name: 'raw-client', version: '1' }
  await client.request('initialize', { protocolVersion: '2025-11-25', capabilities, clientInfo })
  client.notify('notifications/initialized')
  return client
}

type Question = { id: string; params: { message: string; requestedSchema: object } }

/** What the client is asked; waits until it is. */
async function asked(client: RawClient): Promise<Question> {
  return JSON.parse((await client.line((line) => line.includes('elicitation/create'))).toString()) as Question
}

const says = (client: RawClient, { id }: Question, result: object) =>
  client.write(JSON.stringify({ jsonrpc: '2.0', id, result }))
const questions = ({ lines }: RawClient) => lines.filter((line) => line.includes('elicitation/create')).length

function settled(gateway: TestGateway): Record<string, unknown>[] {
  return gateway
    .entries()
    .flatMap((entry) => (entry.kind === 'event' && entry.event === 'approval.settled' ? [entry.detail] : []))
}

test('a yes in the client lets the call run once, by its door on record; the question shows all of the call', async () => {
  const [gateway, client] = await begin(policy(inClient))
  const outcome = client.call('read_note', { text: 'to \u202edo' })
  const question = await asked(client)
  expect(question.params.message).toBe(
    [
      'raw-client wants to run notes › read_note, which only reads',
      '{"text":"to \\u{202e}do"}',
      'rule `ask-all` asks a person to approve this call at level 1',
    ].join('\n'),
  )
  expect(question.params.requestedSchema).toMatchObject({ properties: { allow: { type: 'boolean', default: false } } })
  says(client, question, { action: 'accept', content: { allow: true } })
  expect((await outcome).outcome).toBe('ok')
  expect(settled(gateway)).toMatchObject([{ answer: 'approved', door: 'client', by: expect.any(String), level: 1 }])
  const again = client.call('read_note', { text: 'to \u202edo' })
  await expect.poll(() => questions(client)).toBe(2)
  const [view] = await gateway.core.handlers['approvals.list']({}, person)
  if (!view) throw new Error('nothing waits')
  await gateway.answer(view, 'deny')
  expect((await again).outcome).toBe('APPROVAL_DENIED')
})

test.each([
  ['declined', { action: 'decline' }],
  ['left unticked', { action: 'accept', content: { allow: false } }],
])('a question that is %s is a no', async (_, result) => {
  const [gateway, client] = await begin(policy(inClient))
  const outcome = client.call('read_note', { text: 'x' })
  says(client, await asked(client), result)
  expect((await outcome).outcome).toBe('APPROVAL_DENIED')
  expect(settled(gateway)).toMatchObject([{ answer: 'denied', door: 'client' }])
})

test.each([
  ['closed', { result: { action: 'cancel' } }],
  ['answered with something else', { result: { action: 'accept', content: { allow: 'yes' } } }],
  ['answered with an error', { error: { code: -1, message: 'no' } }],
])('a question that is %s leaves the call to the other doors', async (_, answer) => {
  const [gateway, client] = await begin(policy(inClient))
  const outcome = client.call('read_note', { text: 'x' })
  const { id } = await asked(client)
  client.write(JSON.stringify({ jsonrpc: '2.0', id, ...answer }))
  await client.request('ping', {})
  await gateway.answer(await gateway.pending('read_note'), 'approve')
  expect((await outcome).outcome).toBe('ok')
  expect(settled(gateway)).toMatchObject([{ answer: 'approved', door: 'terminal' }])
})

test('once it is answered elsewhere the client is told, and its late yes counts for nothing', async () => {
  const [gateway, client] = await begin(policy(inClient))
  const outcome = client.call('read_note', { text: 'x' })
  const question = await asked(client)
  await gateway.answer(await gateway.pending('read_note'), 'deny')
  expect((await outcome).outcome).toBe('APPROVAL_DENIED')
  const cancelled = await client.line((line) => line.includes('notifications/cancelled'))
  expect(JSON.parse(cancelled.toString())).toMatchObject({ params: { requestId: question.id } })
  says(client, question, { action: 'accept', content: { allow: true } })
  await client.request('ping', {})
  expect(settled(gateway)).toHaveLength(1)
})

test.each<[string, string, object | null, string, object]>([
  ['policy does not say so', policy(''), {}, 'read_note', { text: 'x' }],
  [
    'policy forbids it beside',
    policy(`${inClient} }\n  - { level: 1, in_client: false`),
    {},
    'read_note',
    { text: 'x' },
  ],
  ['it is a write', policy(inClient), {}, 'write_note', { text: 'x' }],
  ['it is of a higher level', policy(inClient, 2), {}, 'read_note', { text: 'x' }],
  ['it takes several people', policy(`${inClient}, answers: 2`), {}, 'read_note', { text: 'x' }],
  ['it is too long to be seen whole', policy(inClient), {}, 'read_note', { text: 'x'.repeat(3_000) }],
  ['the client cannot ask', policy(inClient), null, 'read_note', { text: 'x' }],
  ['the client opens links alone', policy(inClient), { url: {} }, 'read_note', { text: 'x' }],
])('the client is not asked where %s', async (_, rules, elicitation, tool, args) => {
  const [gateway, client] = await begin(rules, elicitation)
  const outcome = client.call(tool, args)
  const over = await Promise.race([gateway.pending(tool), outcome])
  await client.request('ping', {})
  expect(questions(client)).toBe(0)
  if (!('outcome' in over)) await gateway.answer(over, 'deny')
  expect((await outcome).outcome).toMatch(/^APPROVAL_(DENIED|IMPOSSIBLE)$/)
})

test('where nothing else could show it, the client is asked all the same', async () => {
  const { clock, advance } = movedClock()
  const prompts = () => ({ how: null, problem: 'open something' })
  const gateway = await startGateway({
    policy: policy(inClient),
    settings: { hold_sec: 3600 },
    ports: { clock, prompts },
  })
  onTestFinished(() => gateway.close())
  await gateway.addServer('notes', 'notes-server')
  // Whoever approved the server was here, and could still be.
  advance(601_000)
  const [asks, asksNot] = [await connect(gateway), await connect(gateway, null)]
  expect((await asksNot.call('read_note', { text: 'x' })).outcome).toBe('APPROVAL_UNREACHABLE')
  const outcome = asks.call('read_note', { text: 'x' })
  says(asks, await asked(asks), { action: 'accept', content: { allow: true } })
  expect((await outcome).outcome).toBe('ok')
})

test('a yes in the client counts for nothing once policy does not say so any more', async () => {
  const [gateway, client] = await begin(policy(inClient))
  const outcome = client.call('read_note', { text: 'x' })
  const question = await asked(client)
  const { snapshot } = await gateway.core.handlers['policy.show']({}, person)
  writeFileSync(join(gateway.paths.policy, 'rules.yaml'), policy(''))
  await expect.poll(async () => (await gateway.core.handlers['policy.show']({}, person)).snapshot).not.toBe(snapshot)
  says(client, question, { action: 'accept', content: { allow: true } })
  await client.request('ping', {})
  await gateway.answer(await gateway.pending('read_note'), 'deny')
  expect((await outcome).outcome).toBe('APPROVAL_DENIED')
  expect(questions(client)).toBe(1)
})

test('a yes that comes with the end of its call allows no other call', async () => {
  const [gateway, client] = await begin(policy(inClient))
  client.write(
    '{"jsonrpc":"2.0","id":"c1","method":"tools/call","params":{"name":"read_note","arguments":{"text":"x"}}}',
  )
  const { id } = await asked(client)
  const yes = JSON.stringify({ jsonrpc: '2.0', id, result: { action: 'accept', content: { allow: true } } })
  client.write(`${yes}\n{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"c1"}}`)
  await client.request('ping', {})
  const again = client.call('read_note', { text: 'x' })
  await expect.poll(() => questions(client)).toBe(2)
  await gateway.answer(await gateway.pending('read_note'), 'deny')
  expect((await again).outcome).toBe('APPROVAL_DENIED')
})

test('who may not answer what their own clients ask does not by way of the client', async () => {
  const [gateway, client] = await begin(policy(`${inClient}, own: false`))
  expect((await client.call('read_note', { text: 'x' })).outcome).toBe('APPROVAL_IMPOSSIBLE')
  expect(settled(gateway)).toEqual([])
})

test('the client of a person who became an auditor does not ask them: they answer nothing', async () => {
  const [gateway] = await begin(policy(inClient))
  const { owner, ids } = await addPeople(gateway, [{ name: 'ana', admin: true }])
  const { id: entry } = await (await pageOf(gateway, 'ana')).call('clients.issue', { name: 'Editor' })
  const client = gateway.connect('notes', ['--entry', entry])
  const clientInfo = { name: 'raw-client', version: '1' }
  await client.request('initialize', { protocolVersion: '2025-11-25', capabilities: { elicitation: {} }, clientInfo })
  const first = client.call('read_note', { text: 'x' })
  says(client, await asked(client), { action: 'accept', content: { allow: true } })
  expect((await first).outcome).toBe('ok')
  await owner.call('people.change', { id: ids.ana, groups: ['auditor'], admin: false, pin: pins.owner })
  const second = client.call('read_note', { text: 'y' })
  await gateway.answer(await gateway.pending('read_note'), 'deny')
  expect((await second).outcome).toBe('APPROVAL_DENIED')
  expect(questions(client)).toBe(1)
})

test('only level 1 may be answered in the client, and a policy that says otherwise changes nothing', async () => {
  const gateway = await startGateway({ policy: policy('').replace('{ level: 1 }', '{ level: 2, in_client: true }') })
  onTestFinished(() => gateway.close())
  const { problems } = await gateway.core.handlers['policy.show']({}, person)
  expect(problems[0]).toMatchObject({ message: expect.stringContaining('only level 1 may be answered in the client') })
})
