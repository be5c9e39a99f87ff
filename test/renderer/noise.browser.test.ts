import { expect, onTestFinished, test } from 'vitest'
import type { GrantSuggestion } from '../../shared/approval.ts'
import type { NoiseView, QuietView } from '../../shared/fatigue.ts'
import { expectAccessible, screenshot, testBrowser } from '../fakes/browser.ts'
import { HostRefusal, startPageHost } from '../fakes/page-host.ts'
import { quietStatus } from '../fakes/page-samples.ts'

const browser = testBrowser()
const hours = 7 * 24
const noisy: NoiseView = {
  ...{ from: new Date(Date.now() - hours * 3_600_000).toISOString(), to: new Date().toISOString(), prompts: 96 },
  per_hour: Array.from({ length: hours }, (_, hour) => (hour % 24 > 8 && hour % 24 < 18 ? hour % 5 : 0)),
  outcomes: { approved: 70, denied: 6, expired: 14, cancelled: 5, pending: 1 },
  ...{ median_decision_ms: 3_400, median_wait_ms: 4_100, under_a_second: 0.4, expired: 0.15 },
  queue: { max: 4, mean: 0.02 },
  clients: [{ name: 'Cursor', prompts: 96 }],
  servers: [{ name: 'files', prompts: 96 }],
  tools: [{ server: 'files', name: 'write_file', prompts: 96 }],
  rules: [
    { name: 'ask-writes', prompts: 90, approved: 68, at: { file: 'rules.yaml', line: 6 } },
    { name: 'ask-\u202egone', prompts: 6, approved: 2, at: null },
  ],
}
const nothing: NoiseView = {
  ...{ ...noisy, prompts: 0, per_hour: Array(hours).fill(0), clients: [], servers: [], tools: [], rules: [] },
  outcomes: { approved: 0, denied: 0, expired: 0, cancelled: 0, pending: 0 },
  ...{ median_decision_ms: null, median_wait_ms: null, under_a_second: null, expired: null },
}
const client = { id: 'client_01', name: 'Cursor' }
const suggested: GrantSuggestion[] = [
  {
    client,
    server: 'files',
    tool: 'write_file',
    folder: '/home/ana/projects/ledger',
    times: 14,
    rules: ['ask-writes'],
    elsewhere: false,
    waiting: 'apr_1',
  },
  {
    client,
    server: 'files',
    tool: 'move_\u202efile',
    folder: '/home/ana/projects',
    times: 3,
    rules: [],
    elsewhere: false,
    waiting: null,
  },
]
const loud: QuietView = { hours: null, quiet: false, until: null, off_until: null }

async function open(noise: () => NoiseView, theme: 'light' | 'dark' = 'light', quiet = loud) {
  const asked: number[] = []
  const opened: string[] = []
  const host = await startPageHost({
    page: 'app',
    answers: {
      status: quietStatus,
      'approvals.overview': () => [],
      'activity.calls': () => ({ rows: [], next: null }),
      'quiet.show': () => quiet,
      'approvals.suggestions': () => suggested,
      'policy.files': () => [{ path: 'rules.yaml', origin: 'local', text: 'rules:\n', hash: 'a'.repeat(64) }],
      'policy.narrow': ({ tool }) => {
        if (tool !== 'write_file')
          throw new HostRefusal('NOT_FOUND', 'no rule asks about these calls: their risk does', '')
        const text = 'rules:\n  - id: ask-writes\n\n\n\n\n  - id: ask-writes-not-in-ledger\n'
        return { narrowed: ['ask-writes'], added: ['ask-writes-not-in-ledger'], files: [{ path: 'rules.yaml', text }] }
      },
      'approvals.open': ({ at }) => {
        opened.push(at)
        return { url: null }
      },
      'approvals.noise': ({ days }) => {
        asked.push(days)
        return noise()
      },
    },
  })
  onTestFinished(() => host.close())
  const page = await browser.newPage({ theme })
  page.setDefaultTimeout(10_000)
  await page.goto(host.link(encodeURIComponent('/approvals/noise')))
  return { page, asked, opened }
}

test.each(['light', 'dark'] as const)(
  'what asks most is shown, and leads to its rule in the editor (%s)',
  async (theme) => {
    const { page, asked } = await open(() => noisy, theme)
    await page.getByRole('img', { name: 'Prompts in each of 168 hours, at most 4 in one' }).waitFor()
    await page.getByText('Many answers came within a second').waitFor()
    await page.getByText('no longer in the policy').waitFor()
    await expectAccessible(page)
    await screenshot(page, `noise-${theme}`)
    const rule = page.getByRole('link', { name: 'rules.yaml:6, edit ask-writes' })
    expect(await rule.getAttribute('href')).toContain('/policies/edit/rules.yaml/6')
    await page.getByRole('button', { name: 'A month' }).press('Enter')
    await expect.poll(() => asked).toEqual([7, 30])
  },
)

test('what was allowed again and again leads by one click to the request that waits, or to a draft of a rule', async () => {
  const { page, opened } = await open(() => noisy)
  const list = page.getByRole('list', { name: 'Suggestions' })
  await list.getByText('14 times under').waitFor()
  await list.getByRole('button', { name: 'Allow that folder' }).press('Enter')
  await expect.poll(() => opened).toEqual(['/approvals/apr_1'])
  await list.getByRole('button', { name: /^Draft a narrower rule for move_/ }).press('Enter')
  await list.getByRole('alert').getByText('their risk does').waitFor()
  await expectAccessible(page)
  await list.getByRole('button', { name: /^Draft a narrower rule for write_/ }).press('Enter')
  await expect.poll(() => page.url()).toContain('/policies/edit/rules.yaml/7')
  expect(await page.evaluate(() => sessionStorage.getItem('toolgate.policy-draft'))).toContain('ask-writes-not-in')
})

test('where nobody was asked, it says so; and quiet hours are said on every view', async () => {
  const until = new Date(Date.now() + 3_600_000).toISOString()
  const { page } = await open(() => nothing, 'light', {
    hours: 'sun-sat 22:00-07:00',
    quiet: true,
    until,
    off_until: null,
  })
  await page.getByRole('heading', { name: 'Nobody was asked anything' }).waitFor()
  await page.getByRole('status').filter({ hasText: 'calls that would ask you are denied' }).waitFor()
  await expectAccessible(page)
  await page.getByRole('link', { name: 'Waiting' }).press('Enter')
  await page.getByRole('heading', { name: 'Nothing waits for you' }).waitFor()
  await page.getByRole('status').filter({ hasText: 'calls that would ask you are denied' }).waitFor()
})

test('figures that cannot be had are said to be so, and asked for again', async () => {
  let broken = true
  const { page } = await open(() => {
    if (broken) throw new HostRefusal('INTERNAL', 'the figures are gone', 'try it again')
    return noisy
  })
  await page.getByRole('alert').filter({ hasText: 'the figures are gone' }).waitFor()
  broken = false
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('region', { name: 'Rules that asked most' }).waitFor()
})
