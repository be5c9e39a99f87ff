import { expect, test } from 'vitest'
import type { ApprovalView, GrantCoverage, GrantOffer } from '../../shared/approval.ts'
import { expectAccessible, look, testBrowser } from '../fakes/browser.ts'
import { allowOnce, openQueue } from '../fakes/held-queue.ts'
import { scrollToEnd } from '../fakes/in-page.mjs'
import { heldCall } from '../fakes/page-samples.ts'

const browser = testBrowser()
const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString()

const offers: GrantOffer[] = [
  {
    ...{ id: 'o1', scope: 'call', says: 'this exact call of files › write_file', max_hours: 720, bounds: [] },
    ...{ durations: ['once', 'session', 'hours', 'unchanged'], suggested: null },
  },
  {
    ...{ id: 'o2', scope: 'bounded', says: 'files › write_file under /home/ana/projects/ledger', max_hours: 720 },
    bounds: [{ at: '/path', is: 'under', value: '/home/ana/projects/ledger' }],
    ...{ durations: ['session', 'hours', 'unchanged'], suggested: 6 },
  },
]
const past = (id: number, hours: number, more: Partial<GrantCoverage['calls'][number]> = {}) => ({
  ...{ call_id: `call_${id}`, at: ago(hours), tool: 'write_file', answer: 'approved', same_session: hours < 2 },
  ...{ places: [`/home/ana/projects/ledger/part-${id}.md`], ...more },
})
const coverage: GrantCoverage[] = [
  { offer: 'o1', asked: 9, unknown: 9, calls: [] },
  {
    ...{ offer: 'o2', asked: 9, unknown: 2 },
    calls: [
      past(1, 0.1),
      past(2, 1),
      past(3, 5, { answer: 'denied', places: ['/home/ana/\u202egpj.exe'] }),
      past(4, 20),
      past(5, 100),
      past(6, 160),
    ],
  },
]
const answers = { 'approvals.offers': () => offers, 'approvals.coverage': () => coverage }

test('each offer says what it would have covered, and the picked one lists it for its duration', async () => {
  const { queue, page } = await openQueue(browser, [heldCall('a')], answers)
  await page.getByText('You allowed this 6 times under').waitFor()
  await look(page, 'suggestion')
  await expect.poll(() => allowOnce(page).isEnabled()).toBe(true)
  await page.getByRole('button', { name: /That folder for 8 hours/ }).press('Enter')
  await page.getByRole('radio', { name: /6 of what you were asked in 7 days/, checked: true }).waitFor()
  await page.getByRole('radio', { name: /cannot be told for 9 of what you were asked/ }).waitFor()
  await page.getByText('Would have spared you 3 questions in the last 8 hours.').waitFor()
  await page.getByText('You denied 1 it would have let run.').waitFor()
  await page.getByText('Of 2 calls more it cannot be told.').waitFor()
  const duration = page.getByLabel('For how long')
  expect(await duration.inputValue()).toBe('hours 8')
  await page.getByRole('button', { name: 'Show them' }).press('Enter')
  const list = page.getByRole('list', { name: 'Calls that this would have covered' })
  await expect.poll(() => list.getByRole('listitem').count()).toBe(3)
  await list.getByText('denied').waitFor()
  await look(page, 'coverage')
  await expectAccessible(page)
  await duration.selectOption({ label: 'for this session' })
  await page.getByText('Would have spared you 2 questions in this session.').waitFor()
  await duration.selectOption({ label: 'until the tool or the policy changes' })
  await page.getByText('Would have spared you 6 questions in the last 7 days.').waitFor()
  await duration.selectOption({ label: 'for 8 hours' })
  await page.keyboard.press('Control+Enter')
  await expect
    .poll(() => queue.answers)
    .toMatchObject([{ answer: 'approve', grant: { offer: 'o2', duration: 'hours', hours: 8 } }])
})

test('only what one client asks of one tool of one server with arguments of one shape is answered together', async () => {
  const like = (id: string, more: Partial<ApprovalView> = {}): ApprovalView => ({
    ...heldCall(id),
    arguments: JSON.stringify({ path: `/home/ana/${id}` }),
    ...more,
  })
  const others = [
    like('client', { client: { ...heldCall('x').client, id: 'client_02' } }),
    like('claimed', { client: { ...heldCall('x').client, identity: 'claimed' } }),
    like('server', { server: 'other' }),
    like('tool', { tool: 'append_file' }),
    like('more', { arguments: JSON.stringify({ path: '/home/ana/m', force: true }) }),
    like('type', { arguments: JSON.stringify({ path: ['/home/ana/t'] }) }),
  ]
  const { queue, page } = await openQueue(
    browser,
    [like('a'), like('b'), ...others].map((it, at) => ({
      ...it,
      created_at: new Date(Date.UTC(2026, 0, 1, 0, 0, at)).toISOString(),
    })),
  )
  const bar = page.getByRole('region', { name: 'Requests that are alike' })
  await bar.getByText('2 alike, 1 looked through').waitFor()
  // One that was shown in full but is not alike is not answered with them.
  for (let step = 0; step < others.length + 1; step++) {
    await expect.poll(() => allowOnce(page).isEnabled()).toBe(true)
    await page.keyboard.press('ArrowDown')
    await page.getByText(`Request ${step + 2} of 8`).waitFor()
  }
  expect(await bar.count()).toBe(0)
  for (let step = others.length; step > 0; step--) await page.keyboard.press('ArrowUp')
  await bar.getByRole('button', { name: /^Deny these/ }).click()
  await expect.poll(() => queue.answers.map(({ id }) => id).sort()).toEqual(['a', 'b'])
})

test('20 kB of right-to-left text are shown, scrolled to their end, and leave the answer in sight', async () => {
  const text = 'שלום עולם، مرحبا بالعالم \u202eexe.gpj '.repeat(500)
  const long: ApprovalView = {
    ...heldCall('a'),
    arguments: JSON.stringify({ path: '/home/ana/קובץ.md', content: text }),
  }
  expect(Buffer.byteLength(long.arguments)).toBeGreaterThan(20_000)
  const { page } = await openQueue(browser, [long, heldCall('b')])
  await expect.poll(() => allowOnce(page).isEnabled()).toBe(true)
  await look(page, 'prompt-right-to-left')
  const box = await allowOnce(page).boundingBox()
  expect((box?.y ?? 999) + (box?.height ?? 0)).toBeLessThanOrEqual(680)
  await page.getByRole('region', { name: 'Arguments' }).evaluate(scrollToEnd)
  // What would turn the direction of what is read is shown as what it is.
  await page.getByText(String.raw`\u{202e}`).last().waitFor()
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
})
