import { expect, onTestFinished, test } from 'vitest'
import { startGateway } from '../../fakes/gateway.ts'
import { openPage } from '../../fakes/page.ts'

const pin = '739154'
const grave = `version: v1
rules:
  - id: writes
    match: { labels: { mcp.action: write } }
    decision: REQUIRE_APPROVAL
    level: 4
`

/** A window of a host whose platform authenticates people, or does not, and a call of level 4 that waits. */
async function window(authenticate?: () => Promise<boolean>) {
  const gateway = await startGateway({ policy: grave, ports: authenticate ? { authenticate } : {} })
  onTestFinished(() => gateway.close())
  await gateway.addServer('notes', 'notes-server')
  const page = openPage(gateway.core.pages, 'approval', 'native')
  const client = gateway.connect('notes')
  await client.initialize()
  const outcome = client.call('write_note', { text: 'grave' })
  const { id } = await gateway.pending('write_note')
  const { view, ticket, armed_in_ms } = await page.call('approvals.show', { id })
  await new Promise((resolve) => setTimeout(resolve, armed_in_ms + 20))
  const answer = { id, shown_hash: view.shown_hash, ticket, reason: 'it is only a note', answer: 'approve' }
  return { page, outcome, answer }
}

test('a window whose platform knows nobody asks for the PIN at level 4, and it can be chosen there', async () => {
  const { page, outcome, answer } = await window()
  expect(await page.call('presence.state')).toEqual({ present: true, enrolled: false, lost: false, proof: 'pin' })
  expect(await page.refusal('approvals.answer', answer)).toBe('PRESENCE_REQUIRED')
  expect(await page.refusal('approvals.answer', { ...answer, pin })).toBe('PRESENCE_NOT_ENROLLED')
  await page.call('presence.enroll', { pin })
  await page.hears(({ changed }) => changed.includes('presence'))
  expect(await page.call('presence.state')).toMatchObject({ present: true, enrolled: true, proof: 'pin' })
  await page.call('approvals.answer', { ...answer, pin })
  expect((await outcome).outcome).toBe('ok')
})

test('a window whose platform knows the person says so, and needs no PIN', async () => {
  const { page, outcome, answer } = await window(async () => true)
  expect(await page.call('presence.state')).toMatchObject({ enrolled: false, proof: 'platform' })
  await page.call('approvals.answer', answer)
  expect((await outcome).outcome).toBe('ok')
})
