import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CallName, calls } from '../../../shared/calls.ts'
import { fakeClock } from '../../fakes/clock.ts'
import { simplePolicy, startGateway, type TestGateway } from '../../fakes/gateway.ts'
import { attachPage, openPage } from '../../fakes/page.ts'

const pin = '739154'
let gateway: TestGateway
const authenticated: string[] = []

beforeAll(async () => {
  gateway = await startGateway({ policy: leveled })
  await gateway.addServer('notes', 'notes-server')
})
afterAll(() => gateway.close())

/** Writes ask at level 1, destructive calls at the level that their `text` names. */
const leveled = `version: v1
rules:
  - id: reads
    match: { labels: { mcp.action: read } }
    decision: ALLOW
  - id: writes
    match: { labels: { mcp.action: write } }
    decision: REQUIRE_APPROVAL
    level: 1
  - id: grave
    match: { labels: { mcp.tool: write_note } }
    when: args.text == "three"
    decision: REQUIRE_APPROVAL
    level: 3
  - id: gravest
    match: { labels: { mcp.tool: write_note } }
    when: args.text == "four"
    decision: REQUIRE_APPROVAL
    level: 4
`

async function approvalPage(proof: 'native' | 'pin' = 'pin') {
  const page = openPage(gateway.core.pages, 'approval', proof)
  if (proof === 'pin') {
    const { enrolled } = await page.call('presence.state')
    await page.call(enrolled ? 'presence.prove' : 'presence.enroll', { pin })
  }
  return page
}

/** A call that waits for a person, and what became of it. */
async function held(text: string) {
  const client = gateway.connect('notes')
  await client.initialize()
  const outcome = client.call('write_note', { text })
  const view = await gateway.pending('write_note')
  return { view, outcome }
}

async function showArmed(page: Awaited<ReturnType<typeof approvalPage>>, id: string) {
  const shown = await page.call('approvals.show', { id })
  await new Promise((resolve) => setTimeout(resolve, shown.armed_in_ms + 20))
  return { id, shown_hash: shown.view.shown_hash, ticket: shown.ticket, reason: '' }
}

describe('which door may make which call', () => {
  const names = Object.keys(calls) as CallName[]

  test.each(['app', 'approval'] as const)(
    'the %s is refused every call that the table does not give it',
    async (door) => {
      const page = openPage(gateway.core.pages, door, 'native')
      const others = names.filter((name) => !calls[name].doors.some((allowed) => allowed === door))
      expect(others.length).toBeGreaterThan(3)
      for (const name of others) expect([name, await page.refusal(name)]).toEqual([name, 'FORBIDDEN_AT_DOOR'])
    },
  )

  test('nothing that needs a person is open to the app', () => {
    const doorsOf = (name: CallName): readonly string[] => calls[name].doors
    expect(names.filter((name) => calls[name].presence && doorsOf(name).includes('app'))).toEqual([])
  })

  test('what the app is told of a waiting call lacks what an answer must carry', async () => {
    const { view, outcome } = await held('app looks on')
    const app = openPage(gateway.core.pages, 'app')
    const [overview] = await app.call('approvals.overview')
    expect(overview).toMatchObject({ id: view.id, arguments: '{"text":"app looks on"}' })
    expect(JSON.stringify([overview, await app.call('status'), app.events])).not.toContain(view.shown_hash)
    await gateway.answer(view, 'deny')
    await outcome
  })
})

describe('a person at the approval page', () => {
  test('a locked page can be told what waits, and can do nothing that needs a person', async () => {
    await (await approvalPage()).session.end()
    const page = openPage(gateway.core.pages, 'approval')
    expect(await page.call('presence.state')).toEqual({ present: false, enrolled: true, lost: false, proof: 'pin' })
    const personal = (Object.keys(calls) as CallName[]).filter((name) => calls[name].presence)
    for (const name of personal) {
      const here = calls[name].doors.some((door) => door === 'approval')
      expect([name, await page.refusal(name)]).toEqual([name, here ? 'PRESENCE_REQUIRED' : 'FORBIDDEN_AT_DOOR'])
    }
    expect(await page.refusal('presence.prove', { pin: '111222' })).toBe('PRESENCE_PIN_WRONG')
    expect(await page.refusal('presence.enroll', { pin: '864209' })).toBe('PRESENCE_ENROLLED')
    await page.call('presence.prove', { pin })
    expect(await page.call('presence.state')).toMatchObject({ present: true })
  })

  test('presence outlives a connection, and ends with the session', async () => {
    const page = await approvalPage()
    page.drop()
    expect(await attachPage(page.session).call('presence.state')).toMatchObject({ present: true })
    page.session.end()
    expect(await openPage(gateway.core.pages, 'approval').call('presence.state')).toMatchObject({ present: false })
  })

  test('an approval lets the call run, and the record says at which door and what was shown', async () => {
    const page = await approvalPage()
    const { view, outcome } = await held('from the page')
    await page.call('approvals.answer', { ...(await showArmed(page, view.id)), answer: 'approve' })
    expect((await outcome).outcome).toBe('ok')
    const answered = gateway.entries().findLast((entry) => entry.kind === 'call' && entry.state === 'answered')
    expect(answered).toMatchObject({ answer: 'approved', answered_door: 'approval', shown_hash: view.shown_hash })
  })

  test.each<[what: string, change: (answer: Answer) => Partial<Answer>]>([
    ['without a ticket', () => ({ ticket: undefined })],
    ['with a ticket that nobody gave', () => ({ ticket: 'A'.repeat(32) })],
    ['with what was shown of another request', () => ({ shown_hash: 'f'.repeat(64) })],
  ])('an answer %s is refused, and the call still waits', async (what, change) => {
    const page = await approvalPage()
    const { view, outcome } = await held(what)
    const answer: Answer = { ...(await showArmed(page, view.id)), answer: 'approve' }
    expect(await page.refusal('approvals.answer', { ...answer, ...change(answer) })).toBe('TICKET_STALE')
    expect((await gateway.pending('write_note')).id).toBe(view.id)
    await gateway.answer(view, 'deny')
    expect((await outcome).outcome).toBe('APPROVAL_DENIED')
  })

  test('an answer that is sent twice counts once: the ticket is used up', async () => {
    const page = await approvalPage()
    const { view, outcome } = await held('replayed')
    const answer = { ...(await showArmed(page, view.id)), answer: 'approve' }
    await page.call('approvals.answer', answer)
    expect((await outcome).outcome).toBe('ok')
    const again = await held('replayed')
    expect(await page.refusal('approvals.answer', answer)).toBe('NOT_FOUND')
    expect(await page.refusal('approvals.answer', { ...answer, id: again.view.id })).toBe('TICKET_STALE')
    await gateway.answer(again.view, 'deny')
    await again.outcome
  })

  test('a ticket of one page is nothing at another', async () => {
    const [mine, other] = [await approvalPage(), await approvalPage()]
    const { view, outcome } = await held('two pages')
    const answer = { ...(await showArmed(mine, view.id)), answer: 'approve' }
    expect(await other.refusal('approvals.answer', answer)).toBe('TICKET_STALE')
    await mine.call('approvals.answer', { ...answer, answer: 'deny', reason: 'no' })
    expect((await outcome).text).toContain('They say: no')
  })

  test('from level 3 an approval needs a reason, from level 4 the PIN once more, which a ticket survives', async () => {
    const page = await approvalPage()
    const three = await held('three')
    const answer = { ...(await showArmed(page, three.view.id)), answer: 'approve' }
    expect(await page.refusal('approvals.answer', answer)).toBe('REASON_REQUIRED')
    await page.call('approvals.answer', { ...answer, reason: 'it is only a note' })
    expect((await three.outcome).outcome).toBe('ok')

    const four = await held('four')
    const graver = { ...(await showArmed(page, four.view.id)), answer: 'approve', reason: 'still a note' }
    expect(await page.refusal('approvals.answer', graver)).toBe('PRESENCE_REQUIRED')
    expect(await page.refusal('approvals.answer', { ...graver, pin: '000111' })).toBe('PRESENCE_PIN_WRONG')
    await page.call('approvals.answer', { ...graver, pin })
    expect((await four.outcome).outcome).toBe('ok')
  })
})

type Answer = { id: string; shown_hash: string; ticket: string | undefined; reason: string; answer: string }

test('a request that came up under typing is not armed: it can be denied at once, and approved only later', async () => {
  const clock = fakeClock()
  const still = await startGateway({ policy: simplePolicy(), ports: { clock } })
  try {
    await still.addServer('notes', 'notes-server')
    const page = openPage(still.core.pages, 'approval', 'native')
    const client = still.connect('notes')
    await client.initialize()
    const outcome = client.call('write_note', { text: 'quick' })
    const { id } = await still.pending('write_note')
    const { ticket, view, armed_in_ms } = await page.call('approvals.show', { id })
    const answer = { id, ticket, shown_hash: view.shown_hash, reason: '', answer: 'approve' }
    clock.advance(armed_in_ms - 1)
    expect(await page.refusal('approvals.answer', answer)).toBe('TICKET_STALE')
    clock.advance(1)
    await page.call('approvals.answer', answer)
    expect((await outcome).outcome).toBe('ok')
  } finally {
    await still.close()
  }
})

test('what the PIN unlocked is locked again after 8 hours, those of sleep included', async () => {
  const clock = fakeClock()
  const still = await startGateway({ policy: simplePolicy(), ports: { clock } })
  try {
    const page = openPage(still.core.pages, 'approval', 'pin')
    await page.call('presence.enroll', { pin })
    clock.advance(4 * 3_600_000)
    expect(await page.call('presence.state')).toMatchObject({ present: true })
    // Asleep, the monotonic clock stands still.
    clock.setWall(clock.now() + 4 * 3_600_000)
    expect(await page.call('presence.state')).toMatchObject({ present: false })
    await page.call('presence.prove', { pin })
    clock.advance(8 * 3_600_000)
    expect(await page.call('presence.state')).toMatchObject({ present: false })
  } finally {
    await still.close()
  }
})

test('where the platform can authenticate, it is asked instead of the PIN, and its no is a no', async () => {
  let yes = false
  const native = await startGateway({
    policy: leveled,
    ports: {
      authenticate: async (reason) => {
        authenticated.push(reason)
        return yes
      },
    },
  })
  try {
    await native.addServer('notes', 'notes-server')
    const page = openPage(native.core.pages, 'approval', 'native')
    const client = native.connect('notes')
    await client.initialize()
    const outcome = client.call('write_note', { text: 'four' })
    const { id } = await native.pending('write_note')
    const answer = { ...(await showArmed(page, id)), answer: 'approve', reason: 'a note' }
    expect(await page.refusal('approvals.answer', answer)).toBe('PRESENCE_NO_PROOF')
    yes = true
    await page.call('approvals.answer', answer)
    expect((await outcome).outcome).toBe('ok')
    expect(authenticated).toEqual(['allow notes › write_note', 'allow notes › write_note'])
  } finally {
    await native.close()
  }
})

test('a connection that floods is cut off, and its session is not', async () => {
  const page = openPage(gateway.core.pages, 'app')
  for (let id = 1; id <= 100; id++) page.raw(JSON.stringify({ id, call: 'audit.verify', input: {} }))
  expect(page.closed()).toBe(true)
  expect(await attachPage(page.session).call('status')).toMatchObject({ stopped: false })
})
