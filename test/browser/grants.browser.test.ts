import { beforeAll, expect, test } from 'vitest'
import { personThrough } from '../fakes/approve-at-page.ts'
import { testBrowser } from '../fakes/browser.ts'
import type { PageClient } from '../fakes/page-client.ts'
import { pin, readyHost } from '../fakes/ready-host.ts'

const policy = `version: v1
rules:
  - id: reads
    match: { labels: { mcp.action: read } }
    decision: ALLOW
  - id: changes-ask
    match: { labels: { mcp.action: [write, destructive] } }
    decision: REQUIRE_APPROVAL
    accept_risk: 100
`
const browser = testBrowser()
const host = readyHost(policy)
let app: PageClient
beforeAll(async () => {
  app = await host.ready()
})

/** Answers the call that waits, for more than this call where that is wanted. */
async function answerNext(approval: PageClient, answer: 'approve' | 'deny', scope?: string): Promise<void> {
  let [view] = await approval.call('approvals.list', {})
  while (view === undefined) view = (await approval.call('approvals.list', {}))[0]
  const { id, shown_hash } = view
  const offer = (await approval.call('approvals.offers', { id })).find((it) => it.scope === scope)
  const { ticket, armed_in_ms } = await approval.call('approvals.show', { id })
  await new Promise((resolve) => setTimeout(resolve, armed_in_ms))
  const grant = offer ? { grant: { offer: offer.id, duration: 'session' as const } } : {}
  await approval.call('approvals.answer', { id, answer, shown_hash, reason: '', ticket, ...grant })
}

test('what was allowed for longer is revoked in the app, and the very next call asks', async () => {
  const approval = await personThrough(app, '/', pin)
  const client = await host.greeted()
  const first = client.call('write_note', { text: 'a' })
  await answerNext(approval, 'approve', 'call')
  expect((await first).outcome).toBe('ok')
  // The same call runs without asking.
  expect((await client.call('write_note', { text: 'a' })).outcome).toBe('ok')

  const page = await browser.newPage()
  await host.letIn(page, '/approvals/grants')
  await page.getByText('used once').waitFor()
  await page.getByRole('button', { name: /^Revoke: / }).click()
  await page.getByText('Nothing is allowed for longer than a call').waitFor()
  const next = client.call('write_note', { text: 'a' })
  await answerNext(approval, 'deny')
  expect((await next).outcome).toBe('APPROVAL_DENIED')
})
