import type { Page, WebSocketRoute } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import type { CallRow } from '../../shared/activity.ts'
import {
  expectAccessible,
  expectAccessibleInBoth,
  focused,
  press,
  scrollSlowly,
  tabTo,
  testBrowser,
} from '../fakes/browser.ts'
import { simplePolicy } from '../fakes/gateway.ts'
import type { PageClient } from '../fakes/page-client.ts'
import type { RawClient } from '../fakes/raw-client.ts'
import { readyHost } from '../fakes/ready-host.ts'

const browser = testBrowser()
const host = readyHost(simplePolicy())
let app: PageClient
let client: RawClient

beforeAll(async () => {
  app = await host.ready()
  client = await host.greeted()
})

const table = (page: Page) => page.getByRole('treegrid', { name: 'Calls, newest first' })
const rowOf = (page: Page, text: string | RegExp) => table(page).getByRole('row').filter({ hasText: text })
const drawer = (page: Page) => page.getByRole('complementary', { name: 'Record of the call' })
const banner = (page: Page) => page.getByText('The connection to the gateway was lost.')

/** The activity page, at its filters, once it shows calls. */
async function activity(at = '/activity', options: Parameters<typeof browser.newPage>[0] = {}): Promise<Page> {
  // Nothing moves, so that what axe sees is not on its way from one theme to the other.
  const page = await browser.newPage({ reducedMotion: true, ...options })
  await host.letIn(page, at)
  await page.getByRole('heading', { level: 1, name: 'Activity' }).waitFor()
  return page
}

/** Every call on record, newest first. */
async function recorded(through: PageClient = app): Promise<CallRow[]> {
  const rows: CallRow[] = []
  let page = await through.call('activity.calls', { limit: 500 })
  rows.push(...page.rows)
  while (page.next !== null) {
    page = await through.call('activity.calls', { limit: 500, before: page.next })
    rows.push(...page.rows)
  }
  return rows
}

/** Name and end of the calls in sight, from the top, bursts left folded. */
async function inSight(page: Page): Promise<string[]> {
  return table(page)
    .locator('[role=row][aria-selected]:not([aria-expanded])')
    .evaluateAll((rows) =>
      rows.map(({ children }) => `${children[2]?.textContent} ${children[children.length - 2]?.textContent}`),
    )
}

/** How many calls the page says that it holds. */
async function held(page: Page): Promise<number> {
  const words = await page.getByText(/calls?( fit)?, back to/).innerText()
  return Number((/newest ([\d,]+) calls/.exec(words) ?? /^([\d,]+)/.exec(words))?.[1]?.replaceAll(',', ''))
}

/** The connection of a page to its host, which it reaches through a wire that can be cut. */
async function wireOf(page: Page): Promise<{ cut: () => Promise<void>; mend: () => void }> {
  const open: WebSocketRoute[] = []
  let away = false
  await page.routeWebSocket(/\/socket$/, (route) => {
    if (away) return void route.close()
    route.connectToServer()
    open.push(route)
  })
  return {
    async cut() {
      away = true
      await Promise.all(open.splice(0).map((route) => route.close()))
    },
    mend() {
      away = false
    },
  }
}

test('before the first call the page says what will be here', async () => {
  const page = await activity()
  await page.getByText('No call yet').waitFor()
  await expectAccessibleInBoth(page)
})

test('a call shows as soon as it is made, and its row follows what becomes of it', async () => {
  const page = await activity()
  await page.getByText('No call yet').waitFor()
  await client.call('read_note', { path: '/w/first.txt' })
  await rowOf(page, 'read_note').getByText('Allowed', { exact: true }).waitFor()
  const [approved, denied] = [client.call('write_note', { path: '/w/a' }), client.call('write_note', { path: '/w/b' })]
  const waiting = rowOf(page, 'write_note').filter({ hasText: 'Waits for you' })
  await expect.poll(() => waiting.count()).toBe(2)
  await host.answer('approve')
  await host.answer('deny')
  await Promise.all([approved, denied])
  await rowOf(page, 'write_note').getByText('Approved', { exact: true }).waitFor()
  await rowOf(page, 'write_note').getByText('Denied by a person', { exact: true }).waitFor()
  expect(await waiting.count()).toBe(0)
  expect(await rowOf(page, 'write_note').count()).toBe(2)
})

test('calls that are alike fold into one row, which opens in place', async () => {
  const page = await activity()
  for (let call = 0; call < 5; call += 1) await client.call('read_note', { text: `${call}` })
  const burst = rowOf(page, '5 reads one after the other').first()
  await burst.waitFor()
  const before = await table(page).getByRole('row').count()
  await burst.click()
  await expect.poll(() => table(page).getByRole('row').count()).toBeGreaterThanOrEqual(before + 5)
})

test('a filtered view has an address: it is reloaded, gone back to, and cleared', async () => {
  await client.call('delete_note', { path: '/w/gone.txt' })
  const page = await activity()
  await rowOf(page, 'delete_note').first().waitFor()
  await page.getByLabel('Decision').selectOption('denied')
  await rowOf(page, 'read_note').first().waitFor({ state: 'detached' })
  expect(page.url()).toMatch(/#\/activity\?show=denied$/)
  await page.getByLabel('Filter by words').fill('deny-destructive')
  await expect.poll(() => page.url()).toContain('text=deny-destructive')
  const fitting = await rowOf(page, 'delete_note').count()
  await page.reload()
  await expect.poll(() => rowOf(page, 'delete_note').count()).toBe(fitting)
  expect(await page.getByLabel('Decision').inputValue()).toBe('denied')
  expect(await rowOf(page, 'read_note').count()).toBe(0)
  await page.goBack()
  await rowOf(page, 'read_note').first().waitFor()
  await page.goForward()
  await rowOf(page, 'read_note').first().waitFor({ state: 'detached' })
  await page.getByLabel('Filter by words').fill('no such words')
  await page.getByText('No call fits').waitFor()
  await page.getByRole('button', { name: 'Clear the filters' }).last().click()
  await rowOf(page, 'read_note').first().waitFor()
  expect(page.url()).toMatch(/#\/activity$/)
})

test('the details of a denied call name the rule, its place and the reason, and leave the focus where it was', async () => {
  const page = await activity('/activity?show=denied')
  const row = rowOf(page, 'delete_note').first()
  await row.click()
  await drawer(page).getByText('nothing is deleted here').first().waitFor()
  await drawer(page).getByRole('link', { name: 'deny-destructive' }).waitFor()
  await drawer(page)
    .getByText(/^rules\.yaml:\d+$/)
    .waitFor()
  await drawer(page).getByText('Refused; the server never saw it').waitFor()
  await drawer(page).getByText('POLICY_DENIED').waitFor()
  const [call] = (await recorded()).filter(({ tool }) => tool === 'delete_note')
  expect(page.url()).toContain(`/activity/${call?.call_id}?show=denied`)
  await expectAccessibleInBoth(page)
  await page.keyboard.press('Escape')
  await drawer(page).waitFor({ state: 'detached' })
  expect(page.url()).toMatch(/#\/activity\?show=denied$/)
  expect(await activeRow(page)).toContain('delete_note')
  await page.goto(`${page.url().split('#')[0]}#/activity/call_that_is_not_there`)
  await drawer(page).getByText('No such call is on record').waitFor()
})

/** The row that the keyboard is on. */
async function activeRow(page: Page): Promise<string> {
  expect(await focused(page)).toMatch(/^treegrid "Calls, newest first"/)
  const id = await table(page).getAttribute('aria-activedescendant')
  return page.locator(`[id="${id}"]`).innerText()
}

test('everything is reached by keyboard alone, in a narrow window too', async () => {
  const page = await activity('/activity', { width: 900, height: 700 })
  await rowOf(page, 'read_note').first().waitFor()
  await page.keyboard.press('/')
  expect(await focused(page)).toMatch(/^searchbox "Filter by words"/)
  await page.keyboard.type('delete_note')
  await tabTo(page, /^combobox "Decision"/)
  await tabTo(page, /^combobox "Server"/)
  await tabTo(page, /^combobox "Client"/)
  await tabTo(page, /^treegrid/)
  await press(page, 'End', 'Home', 'Enter')
  const record = drawer(page)
  await record.getByRole('heading', { name: 'Proof' }).waitFor()
  // It has taken the place of the list, so it has the focus too.
  await tabTo(page, /^button "Close the details/)
  await tabTo(page, /^button "See the rule"/)
  await tabTo(page, /^link "deny-destructive"/)
  await tabTo(page, /^button "Verify the whole record now"/)
  await page.keyboard.press('Enter')
  await record.getByText(/fit together/).waitFor()
  await tabTo(page, /^button "Show the raw records"/)
  await page.keyboard.press('Enter')
  await record.getByText('"rule_ids"').first().waitFor()
  await expectAccessibleInBoth(page)
  await page.keyboard.press('Escape')
  await record.waitFor({ state: 'detached' })
  expect(await activeRow(page)).toContain('delete_note')
})

test('what waits is on the approvals page with its arguments, and can only be answered elsewhere', async () => {
  const page = await activity()
  await page.getByRole('link', { name: /^Approvals/ }).click()
  await page.getByText('Nothing waits for you').waitFor()
  const call = client.call('write_note', { path: '/w/\u202egnp.exe', text: 'hello' })
  const card = page.getByRole('article').filter({ hasText: 'write_note' })
  await card.getByText('\\u{202e}').waitFor()
  await card.getByRole('button', { name: 'Arguments' }).click()
  await card.getByText('"hello"').waitFor()
  const buttons = await page.getByRole('main').getByRole('button').allInnerTexts()
  expect(buttons.filter((words) => /allow|approve|deny/i.test(words) && !/approval window/.test(words))).toEqual([])
  await expectAccessibleInBoth(page)
  await host.answer('deny', 'not this one')
  await call
  await page.getByText('Nothing waits for you').waitFor()
  const answered = page.getByRole('table', { name: 'Answered lately' }).getByRole('row')
  await answered.filter({ hasText: 'Denied by a person' }).first().getByRole('link').click()
  await drawer(page).getByText('“not this one”').waitFor()
})

test('a connection that was lost is said, and what happened meanwhile is there once it is back, each call once', async () => {
  const page = await browser.newPage({ reducedMotion: true })
  const wire = await wireOf(page)
  await host.letIn(page, '/activity?text=away')
  await page.getByText('No call fits').waitFor()
  const waits = client.call('write_note', { text: 'away' })
  await client.call('away_before', {})
  await rowOf(page, 'away_before').waitFor()
  await wire.cut()
  await banner(page).waitFor()
  await expectAccessible(page)
  for (const name of ['away_one', 'away_two', 'away_three']) await client.call(name, {})
  await host.answer('deny')
  await waits
  expect(await rowOf(page, 'away_one').count()).toBe(0)
  wire.mend()
  await rowOf(page, 'away_three').waitFor()
  await banner(page).waitFor({ state: 'detached' })
  await client.call('away_after', {})
  await rowOf(page, 'away_after').waitFor()
  const names = ['away_after', 'away_three', 'away_two', 'away_one', 'away_before']
  expect(await inSight(page)).toEqual(names.map((name) => `notes › ${name} Denied`))
  expect(await page.getByRole('columnheader', { name: 'Found' }).count()).toBe(0)
  expect(await held(page)).toBe((await recorded()).length)
  await page.getByRole('button', { name: 'Clear the filters' }).click()
  await rowOf(page, 'write_note').first().getByText('Denied by a person', { exact: true }).waitFor()
})

test('a gateway that was killed and came back shows its whole record, and what it left open as cut off', async () => {
  const page = await activity('/activity', { allow: [/WebSocket/] })
  void client.call('write_note', { text: 'cut off' }).catch(() => {})
  await rowOf(page, 'write_note').filter({ hasText: 'Waits for you' }).waitFor()
  const before = await recorded()
  await host.stop('SIGKILL')
  await banner(page).waitFor()
  app = await host.ready()
  client = await host.greeted()
  // Its session went with the gateway: the page says how to come back.
  await page.getByRole('heading', { name: 'Open Toolgate from your terminal' }).waitFor()
  await host.letIn(page, '/activity')
  await page.reload()
  await rowOf(page, 'write_note').first().getByText('Interrupted', { exact: true }).waitFor()
  await client.call('back_again', {})
  await rowOf(page, 'back_again').waitFor()
  expect(await held(page)).toBe(before.length + 1)
  expect((await recorded()).length).toBe(before.length + 1)
})

const flood = { clients: 4, calls: 2_500, atOnce: 100 }

/** Makes calls of which no two that follow each other are alike, so that each has a row of its own. */
async function pour(from: RawClient): Promise<void> {
  for (let first = 0; first < flood.calls; first += flood.atOnce) {
    for (let call = first; call < first + flood.atOnce; call += 1) {
      const params = { name: call % 2 === 0 ? 'delete_note' : 'read_note', arguments: { path: `/w/${call}.txt` } }
      from.write(JSON.stringify({ jsonrpc: '2.0', id: `flood ${call}.`, method: 'tools/call', params }))
    }
    await from.line((line) => line.includes(`"flood ${first + flood.atOnce - 1}."`))
  }
}

// How long the page's tasks are meanwhile is measured by `npm run bench`.
test('ten thousand calls while a person scrolls leave the list right', async () => {
  const page = await activity()
  const before = (await recorded()).length
  const clients = await Promise.all(Array.from({ length: flood.clients }, () => host.greeted()))
  let pouring = true
  const poured = Promise.all(clients.map(pour)).finally(() => {
    pouring = false
  })
  poured.catch(() => {
    // Told where it is waited for; a test that fails before that ends the clients.
  })
  await expect.poll(() => table(page).evaluate((list) => list.scrollHeight - list.clientHeight)).toBeGreaterThan(1_000)
  while (pouring) await scrollSlowly(table(page), 60)
  await poured
  const all = flood.clients * flood.calls
  await expect.poll(async () => (await app.call('status', {})).audit.entries).toBeGreaterThan(2 * all)
  const rows = await recorded()
  expect(rows.length).toBe(before + all)

  // Who reads further down is told of what is new; who is at its beginning sees it.
  if (await table(page).evaluate((list) => list.scrollTop < 100)) await scrollSlowly(table(page), 60)
  await client.call('after_the_flood', {})
  await page.getByRole('button', { name: /^[\d,]+ new$/ }).click()
  await rowOf(page, 'after_the_flood').waitFor()
  await page.getByLabel('Filter by words').fill('delete_note')
  await rowOf(page, 'after_the_flood').waitFor({ state: 'detached' })
  const shown = await table(page)
    .locator('time')
    .evaluateAll((times) => times.map((time) => time.getAttribute('datetime')))
  const newest = rows.filter(({ tool }) => tool === 'delete_note').map(({ started_at }) => started_at)
  expect(shown.length).toBeGreaterThan(10)
  expect(shown).toEqual(newest.sort().reverse().slice(0, shown.length))
  expect(await held(page)).toBeGreaterThanOrEqual(5_000)
})
