import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Door } from '../../src-main/core/control/handlers.ts'
import { createTickets } from '../../src-main/core/control/tickets.ts'
import { fakeClock } from '../fakes/clock.ts'
import { person, simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'

let gateway: TestGateway
let client: ReturnType<TestGateway['connect']>
let advance: (ms: number) => void
let page: Door

beforeEach(async () => {
  gateway = await startGateway({ policy: simplePolicy() })
  await gateway.addServer('notes', 'notes-server')
  client = gateway.connect('notes')
  await client.initialize()
  const clock = fakeClock()
  advance = clock.advance
  const answering = { ...createTickets(clock), again: async () => {} }
  page = { name: 'approval', present: true, pid: null, answering }
})
afterEach(() => gateway.close())

async function held(args: readonly object[]) {
  const calls = args.map((each) => client.call('write_note', { ...each }))
  for (;;) {
    const views = await gateway.core.handlers['approvals.list']({}, person)
    if (views.length === args.length) return { calls, views }
    await new Promise(setImmediate)
  }
}

const shownAt = async (ids: readonly string[]) =>
  Promise.all(
    ids.map(async (id) => {
      const { view, ticket } = await gateway.core.handlers['approvals.show']({ id }, page)
      return { id, shown_hash: view.shown_hash, ticket }
    }),
  )

const answerMany = (requests: { id: string; shown_hash: string; ticket?: string }[], answer: 'approve' | 'deny') =>
  gateway.core.handlers['approvals.answer_many']({ requests, answer, reason: 'looked at all' }, page)

const settled = () =>
  gateway
    .entries()
    .flatMap((entry) => (entry.kind === 'event' && entry.event === 'approval.settled' ? [entry.detail.answer] : []))

test('several of a group are allowed by one answer, each with what was shown of it and a record of its own', async () => {
  const { calls, views } = await held([{ text: 'a' }, { text: 'b' }, { text: 'c' }])
  const requests = await shownAt(views.map(({ id }) => id))
  advance(500)
  await answerMany(requests, 'approve')
  expect((await Promise.all(calls)).map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok'])
  expect(settled()).toEqual(['approved', 'approved', 'approved'])
  // Every ticket was used up.
  await expect(answerMany(requests, 'approve')).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test.each([
  ['one has no ticket', { ticket: '' }, 'TICKET_STALE'],
  ['one was shown otherwise', { shown_hash: 'f'.repeat(64) }, 'CONFLICT'],
  ['one is gone', { id: 'apr_none' }, 'NOT_FOUND'],
])('none is allowed when %s, and the tickets of the others stay good', async (_what, wrong, code) => {
  const { calls, views } = await held([{ text: 'a' }, { text: 'b' }])
  const [first, last] = await shownAt(views.map(({ id }) => id))
  if (!first || !last) throw new Error('two are shown')
  advance(500)
  await expect(answerMany([first, { ...last, ...wrong }], 'approve')).rejects.toMatchObject({ code })
  expect(settled()).toEqual([])
  await answerMany([first, last], 'approve')
  expect((await Promise.all(calls)).map(({ outcome }) => outcome)).toEqual(['ok', 'ok'])
})

test('nothing is allowed before it is armed, twice in one answer, or together with what asks otherwise', async () => {
  const { calls, views } = await held([{ text: 'a' }, { text: 'b', more: 1 }])
  const [first, last] = await shownAt(views.map(({ id }) => id))
  if (!first || !last) throw new Error('two are shown')
  await expect(answerMany([first], 'approve')).rejects.toMatchObject({ code: 'TICKET_STALE' })
  advance(500)
  await expect(answerMany([first, first], 'approve')).rejects.toMatchObject({ code: 'BAD_INPUT' })
  await expect(answerMany([first, last], 'approve')).rejects.toMatchObject({ code: 'BAD_INPUT' })
  expect(settled()).toEqual([])
  for (const view of views) await gateway.answer(view, 'deny')
  await Promise.all(calls)
})

test('a group is denied without tickets', async () => {
  const { calls, views } = await held([{ text: 'a' }, { text: 'b' }])
  await answerMany(
    views.map(({ id, shown_hash }) => ({ id, shown_hash })),
    'deny',
  )
  expect((await Promise.all(calls)).map(({ outcome }) => outcome)).toEqual(['APPROVAL_DENIED', 'APPROVAL_DENIED'])
})
