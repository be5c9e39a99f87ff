import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { ApprovalView } from '../../shared/approval.ts'
import { person, simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import { movedClock } from '../fakes/moved-clock.ts'
import { openPage } from '../fakes/page.ts'
import { until } from '../fakes/processes.ts'

let gateway: TestGateway
let jump = 0
let advance: (ms: number) => void
let wake: () => void
afterEach(() => gateway.close())

const atLevel = (level: number, why = 'writes ask') => `version: v1
rules:
  - id: writes
    match: { labels: { mcp.action: write } }
    decision: REQUIRE_APPROVAL
    level: ${level}
    reason: ${why}
`

async function begin(policy = simplePolicy()) {
  jump = 0
  const moved = movedClock()
  advance = moved.advance
  const clock = { ...moved.clock, now: () => Date.now() + jump }
  const onWake = (fn: () => void) => {
    wake = fn
  }
  gateway = await startGateway({ policy, ports: { clock, onWake }, settings: { hold_sec: 3600 } })
  await gateway.addServer('notes', 'notes-server')
  const client = gateway.connect('notes')
  await client.initialize()
  return { client, page: openPage(gateway.core.pages, 'approval', 'native') }
}

const events = (name: string) =>
  gateway.entries().flatMap((entry) => (entry.kind === 'event' && entry.event === name ? [entry.detail] : []))
const refused = () => events('approval.refused').map(({ door, requests, why }) => [door, requests, why])

type Page = ReturnType<typeof openPage>
async function shown(page: Page, id: string) {
  const { ticket, view, armed_in_ms } = await page.call('approvals.show', { id })
  advance(armed_in_ms)
  return { id, ticket, shown_hash: view.shown_hash, reason: 'seen', answer: 'approve' }
}

async function waitingFor(text: string): Promise<ApprovalView> {
  for (;;) {
    const views = await gateway.core.handlers['approvals.list']({}, person)
    const found = views.find((view) => view.arguments.includes(text))
    if (found) return found
    await new Promise(setImmediate)
  }
}

test('an answer for other arguments, or for what was shown of them before, is refused and recorded', async () => {
  const { client, page } = await begin()
  const [one, other] = [client.call('write_note', { text: 'one' }), client.call('write_note', { text: 'two' })]
  const [first, second] = [await waitingFor('one'), await waitingFor('two')]
  const answer = await shown(page, first.id)
  expect(await page.refusal('approvals.answer', { ...answer, id: second.id })).toBe('TICKET_STALE')
  const again = await shown(page, second.id)
  expect(await page.refusal('approvals.answer', { ...again, shown_hash: answer.shown_hash })).toBe('TICKET_STALE')
  expect(refused()).toEqual([
    ['approval', [second.id], 'TICKET_STALE'],
    ['approval', [second.id], 'TICKET_STALE'],
  ])
  expect(gateway.states('write_note').filter((state) => state.startsWith('forwarding'))).toEqual([])
  for (const view of [first, second])
    await page.call('approvals.answer', { ...(await shown(page, view.id)), answer: 'deny' })
  expect((await Promise.all([one, other])).map(({ outcome }) => outcome)).toEqual([
    'APPROVAL_DENIED',
    'APPROVAL_DENIED',
  ])
})

test('an answer to what was shown under another policy is refused and recorded, and the call still waits', async () => {
  const { client, page } = await begin(atLevel(1))
  const call = client.call('write_note', { text: 'a' })
  const before = await waitingFor('a')
  const answer = await shown(page, before.id)
  writeFileSync(join(gateway.paths.policy, 'rules.yaml'), atLevel(1, 'writes ask for another reason'))
  await until('the newest reason is shown', async () => (await waitingFor('a')).shown_hash !== before.shown_hash)
  await until('it waits again', async () => (await waitingFor('a')).waiting === 1)
  const now = await waitingFor('a')
  expect(now.id).toBe(before.id)
  expect(await page.refusal('approvals.answer', answer)).toBe('APPROVAL_PENDING')
  expect(refused()).toEqual([['approval', [before.id], 'APPROVAL_PENDING']])
  await page.call('approvals.answer', await shown(page, now.id))
  expect((await call).outcome).toBe('ok')
})

test('a used ticket, one that is not armed yet, a gone request and a door that may not answer are on record', async () => {
  const { client, page } = await begin()
  const call = client.call('write_note', { text: 'a' })
  const { id } = await waitingFor('a')
  const early = await page.call('approvals.show', { id })
  const { ticket } = early
  const answer = { id, ticket, shown_hash: early.view.shown_hash, reason: '', answer: 'approve' }
  expect(await page.refusal('approvals.answer', answer)).toBe('TICKET_STALE')
  const app = openPage(gateway.core.pages, 'app')
  expect(await app.refusal('approvals.answer', answer)).toBe('FORBIDDEN_AT_DOOR')
  const locked = openPage(gateway.core.pages, 'approval', 'pin')
  expect(await locked.refusal('approvals.answer', answer)).toBe('PRESENCE_REQUIRED')
  const good = await shown(page, id)
  await page.call('approvals.answer', good)
  expect((await call).outcome).toBe('ok')
  expect(await page.refusal('approvals.answer', good)).toBe('NOT_FOUND')
  const next = client.call('write_note', { text: 'a' })
  const second = await waitingFor('a')
  expect(await page.refusal('approvals.answer', { ...good, id: second.id })).toBe('TICKET_STALE')
  expect(refused()).toEqual([
    ['approval', [id], 'TICKET_STALE'],
    ['app', [id], 'FORBIDDEN_AT_DOOR'],
    ['approval', [id], 'PRESENCE_REQUIRED'],
    ['approval', [id], 'NOT_FOUND'],
    ['approval', [second.id], 'TICKET_STALE'],
  ])
  await page.call('approvals.answer', { ...(await shown(page, second.id)), answer: 'deny' })
  await next
})

test('whoever floods a door with wrong answers fills the record with twenty of them and a count', async () => {
  const { page } = await begin()
  for (let i = 0; i < 130; i++) {
    const wrong = { id: `apr_${'x'.repeat(500)}`, shown_hash: '', reason: '', answer: 'approve' }
    expect(await page.refusal('approvals.answer', wrong)).toBe('NOT_FOUND')
  }
  expect(refused().length).toBe(20)
  expect(JSON.stringify(refused()).length).toBeLessThan(20 * 120)
  advance(60_000)
  expect(events('approval.refused_more')).toEqual([{ count: 110, within_sec: 60 }])
  expect(await page.refusal('approvals.answer', { id: 'apr_1', shown_hash: '', reason: '', answer: 'deny' })).toBe(
    'NOT_FOUND',
  )
  expect(refused().length).toBe(21)
})

test('a request is over at its moment when the wall clock jumps there, and is not longer when it is put back', async () => {
  const { client, page } = await begin()
  const call = client.call('write_note', { text: 'a' })
  const view = await waitingFor('a')
  const answer = await shown(page, view.id)
  jump += 3_600_000
  // The ticket is too old by then too, at the page; at a terminal nothing but the request itself says so.
  await expect(gateway.answer(view, 'approve')).rejects.toMatchObject({ code: 'APPROVAL_EXPIRED' })
  expect((await call).outcome).toBe('APPROVAL_EXPIRED')
  expect(await page.refusal('approvals.answer', answer)).toBe('NOT_FOUND')

  const next = client.call('write_note', { text: 'b' })
  await waitingFor('b')
  advance(300_000)
  jump -= 1_800_000
  wake()
  advance(300_000)
  expect((await next).outcome).toBe('APPROVAL_EXPIRED')
})

test('from level 3 on nobody approves without a reason, and a terminal not at all', async () => {
  const { client, page } = await begin(atLevel(3))
  const call = client.call('write_note', { text: 'a' })
  const view = await waitingFor('a')
  const answer = await shown(page, view.id)
  expect(await page.refusal('approvals.answer', { ...answer, reason: '  ' })).toBe('REASON_REQUIRED')
  await expect(gateway.answer(view, 'approve', 'because')).rejects.toMatchObject({ code: 'LEVEL_TOO_HIGH' })
  expect(refused().map(([, , why]) => why)).toEqual(['REASON_REQUIRED'])
  await page.call('approvals.answer', answer)
  expect((await call).outcome).toBe('ok')
})
