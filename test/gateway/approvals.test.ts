import { afterEach, expect, test } from 'vitest'
import { person, reviewServer, simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import type { RawClient } from '../fakes/raw-client.ts'

let gateway: TestGateway

afterEach(async () => {
  await gateway.close()
})

const list = () => gateway.core.handlers['approvals.list']({}, person)

async function listed(count: number) {
  for (;;) {
    const views = await list()
    if (views.length === count) return views
    await new Promise(setImmediate)
  }
}

async function begin(extra = ''): Promise<RawClient> {
  gateway = await startGateway({ policy: simplePolicy(extra) })
  await gateway.addServer('notes', 'notes-server')
  const client = gateway.connect('notes')
  await client.initialize()
  return client
}

const settled = () =>
  gateway
    .entries()
    .flatMap((entry) => (entry.kind === 'event' && entry.event === 'approval.settled' ? [entry.detail.answer] : []))

test('a call that is decided again and still needs a person keeps its request', async () => {
  const client = await begin()
  const calls = [client.call('write_note', { text: 'a' }), client.call('write_note', { text: 'a' })]
  let view = await gateway.pending('write_note')
  while (view.waiting < 2) view = await gateway.pending('write_note')
  // Approving anew has every waiting call decided again.
  await gateway.approveServer('notes')
  while (gateway.states('write_note').filter((state) => state === 'held').length < 4) await new Promise(setImmediate)
  let after = await gateway.pending('write_note')
  while (after.waiting < 2) after = await gateway.pending('write_note')
  // All that has changed is when its definition was approved, which is shown, and so part of what an answer is bound to.
  const { definition, shown_hash } = after
  expect(after).toEqual({ ...view, definition, shown_hash })
  await expect(gateway.answer(view, 'approve')).rejects.toMatchObject({ code: 'APPROVAL_PENDING' })
  await gateway.answer(after, 'approve')
  expect((await Promise.all(calls)).map(({ outcome }) => outcome)).toEqual(['ok', 'ok'])
  expect(settled()).toEqual(['approved'])
})

test('a request to which nobody comes back is cancelled', async () => {
  const client = await begin()
  const call = client.call('write_note', { text: 'a' })
  await gateway.pending('write_note')
  const review = await reviewServer(gateway.core.handlers, 'notes')
  await gateway.core.handlers['servers.approve']({ name: 'notes', review_hash: review.review_hash, tools: [] }, person)
  expect((await call).outcome).toBe('TOOL_NOT_REVIEWED')
  expect([await list(), settled()]).toEqual([[], ['cancelled']])
})

test('one client cannot take all the room for requests', async () => {
  const client = await begin()
  const calls = Array.from({ length: 21 }, (_, n) => client.call('write_note', { text: `${n}` }))
  const views = await listed(20)
  expect((await Promise.race(calls)).outcome).toBe('TOO_MANY_PENDING')
  const renamed = gateway.connect('notes')
  const clientInfo = { name: 'another-name', version: '1' }
  await renamed.request('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo })
  expect((await renamed.call('write_note', { text: 'renamed' })).outcome).toBe('TOO_MANY_PENDING')
  const { id } = await gateway.core.handlers['clients.issue']({ name: 'Other' }, person)
  const other = gateway.connect('notes', ['--entry', id])
  await other.initialize()
  const more = other.call('write_note', { text: 'other' })
  expect((await listed(21)).length - views.length).toBe(1)
  for (const view of await list()) await gateway.answer(view, 'deny')
  expect((await more).outcome).toBe('APPROVAL_DENIED')
})

test('all requests together stay short enough to be listed', async () => {
  const client = await begin()
  const call = (letter: string) => client.call('write_note', { text: letter.repeat(1_000_000) })
  const calls = ['a', 'b', 'c', 'd'].map(call)
  await listed(4)
  expect((await call('e')).outcome).toBe('TOO_MANY_PENDING')
  expect(JSON.stringify(await list()).length).toBeLessThan(8 * 1024 * 1024)
  for (const view of await list()) await gateway.answer(view, 'deny')
  await Promise.all(calls)
})

test('what a call carries beside its arguments is shown, and part of what is answered', async () => {
  const client = await begin()
  const call = (params: object) => client.request('tools/call', { name: 'write_note', arguments: {}, ...params })
  const first = call({ _meta: { progressToken: 1 } })
  const plain = await gateway.pending('write_note')
  expect(plain.also_sent).toBe('')
  const second = call({ task: { ttl: 60 }, _meta: { progressToken: 2, 'x/y': true } })
  const [, other] = await listed(2)
  expect(other?.also_sent).toBe('{"task":{"ttl":60},"_meta":{"x/y":true}}')
  for (const view of await list()) await gateway.answer(view, 'deny')
  await Promise.all([first, second])
})
