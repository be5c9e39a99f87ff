import { expect, onTestFinished, test } from 'vitest'
import type { StreamView } from '../../shared/audit-stream.ts'
import { expectAccessible, screenshot, testBrowser } from '../fakes/browser.ts'
import { startPageHost } from '../fakes/page-host.ts'
import { quietStatus } from '../fakes/page-samples.ts'

const browser = testBrowser()
const schemes = ['light', 'dark'] as const
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()

const good: StreamView = {
  ...{ name: 'siem', url: 'https://collector.example.com/services/toolgate', reach: 'internet' },
  ...{
    header_name: 'Authorization',
    added_at: ago(6000),
    first: 12_001,
    sent: 18_204,
    last_success: ago(2),
    problem: null,
  },
}
const problems: StreamView[] = [
  good,
  {
    ...good,
    ...{
      name: 'a-collector-in-another-building-of-ours',
      url: `https://10.20.0.8/${'long/'.repeat(18)}in`,
      sent: 17_960,
    },
    problem: {
      text: 'the collector does not accept the secret header, or needs one (HTTP 401)',
      hint: 'give the right one with `toolgate audit stream set`',
      ...{ since: ago(95), urgent: true },
    },
  },
  {
    ...good,
    ...{ name: 'laptop', url: 'http://127.0.0.1:9000/in', sent: 12_000, last_success: null },
    problem: {
      text: 'the collector cannot be reached: nothing listens at its address',
      hint: 'it is tried again by itself; see that the collector runs, and what it logs',
      ...{ since: ago(3), urgent: false },
    },
  },
]

async function open(streams: StreamView[], theme: 'light' | 'dark') {
  const quiet = quietStatus()
  const host = await startPageHost({
    page: 'app',
    answers: { status: () => ({ ...quiet, audit: { ...quiet.audit, streams } }) },
  })
  onTestFinished(() => host.close())
  const page = await browser.newPage({ theme })
  page.setDefaultTimeout(10_000)
  await page.goto(host.link(encodeURIComponent('/')))
  return page
}

test.each(schemes)('the record says where it is sent, how far, what keeps it and what to do (%s)', async (theme) => {
  const page = await open(problems, theme)
  await page.getByText('Records do not reach a-collector-in-another-building-of-ours').waitFor()
  const part = page.getByRole('button', { name: 'Record 18,204, not sent' })
  await part.focus()
  await page.keyboard.press('Enter')
  const streams = page.getByRole('dialog', { name: 'Audit record' }).getByRole('list')
  await expect
    .poll(() => streams.getByRole('listitem').allInnerTexts())
    .toMatchObject([
      expect.stringContaining('siem has it up to 18,204 of 18,204'),
      expect.stringContaining('or needs one (HTTP 401)'),
      expect.stringContaining('laptop has nothing yet'),
    ])
  await expectAccessible(page)
  await screenshot(page, `record-streams-${theme}`)
})

test('what reaches its collector, or is only late, needs nobody', async () => {
  const page = await open([good, ...problems.slice(2)], 'light')
  await page.getByRole('button', { name: 'Record 18,204' }).click()
  await page.getByRole('dialog', { name: 'Audit record' }).getByText('siem').waitFor()
  expect(await page.getByText(/do not reach/).count()).toBe(0)
  await screenshot(page, 'record-streams-good')
})
