import { beforeAll, expect, test } from 'vitest'
import { focused, look, press, tabTo, testBrowser } from '../fakes/browser.ts'
import { simplePolicy } from '../fakes/gateway.ts'
import type { PageClient } from '../fakes/page-client.ts'
import { readyHost } from '../fakes/ready-host.ts'

const browser = testBrowser()
const host = readyHost(simplePolicy())
let app: PageClient

beforeAll(async () => {
  app = await host.ready()
})

test('by keyboard a person sees in the record of a call what was shown, and that the signature holds', async () => {
  const client = await host.greeted()
  const call = client.call('write_note', { text: 'buy milk\u202e for ghp_0123456789abcdefghijABCDEFGHIJ012345' })
  await host.answer('approve', 'for the shop')
  expect(await call).toMatchObject({ outcome: 'ok' })
  const { rows } = await app.call('activity.calls', { limit: 10 })
  const id = rows.find(({ tool }) => tool === 'write_note')?.call_id ?? ''

  const page = await browser.newPage({ reducedMotion: true })
  await host.letIn(page, `/activity/${id}`)
  const record = page.getByRole('complementary', { name: 'Record of the call' })
  await record.getByRole('button', { name: 'Verify the answer' }).waitFor()
  await tabTo(page, /Verify the answer/)
  await press(page, 'Enter')
  await record.getByText('Signature holds').waitFor()
  expect(await focused(page)).toContain('Signature holds')
  await record.getByText('the approval page').waitFor()
  const shown = record.getByRole('group', { name: 'Request as it was shown' })
  const text = await shown.innerText()
  expect(text).toContain('wants to run notes › write_note, which changes something')
  expect(text).toContain('buy milk')
  expect(text).toContain('[masked: ')
  expect(text).not.toContain('ghp_')
  expect(text).not.toContain('\u202e')
  await tabTo(page, /Request as it was shown|wants to run/)
  await look(page, 'proof-of-an-answer')
})
