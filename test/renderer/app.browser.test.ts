import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { StatusView } from '../../shared/calls.ts'
import { launchBrowser } from '../fakes/browser.ts'
import { type Answers, HostRefusal, startPageHost } from '../fakes/page-host.ts'
import { busyStatus, freshStatus, haltOf, manyCalls, quietStatus } from '../fakes/page-samples.ts'

let browser: Browser
let context: BrowserContext | undefined
beforeAll(async () => {
  browser = await launchBrowser()
})
afterEach(() => context?.close())
afterAll(() => browser.close())

/** A host of one page and a tab beside it; everything that the browser complains about is collected. */
async function open({ page: name = 'app', answers = {}, scheme = 'light' }: OpenOptions = {}) {
  const host = await startPageHost({ page: name, answers: { status: quietStatus, ...answers } })
  onTestFinished(() => host.close())
  context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: scheme })
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  return { host, page, complaints, context }
}
type OpenOptions = { page?: 'app' | 'approval'; answers?: Answers; scheme?: 'light' | 'dark' }

const guarded = (page: Page) => page.getByRole('heading', { name: 'Everything through Toolgate is guarded' })
const signedOut = (page: Page) => page.getByRole('heading', { name: 'Open Toolgate from your terminal' })

describe('signing in', () => {
  test('the nonce leaves the address at once, a reload stays signed in, and the link is good for nobody else', async () => {
    const { host, page, context } = await open()
    const link = host.link()
    await page.goto(link)
    await guarded(page).waitFor()
    expect(page.url()).toBe(`${host.url}#/`)
    await page.reload()
    await guarded(page).waitFor()
    const other = await context.newPage()
    await other.goto(link)
    await signedOut(other).waitFor()
    expect(await other.getByText('used before').count()).toBe(1)
    expect(new URL(other.url()).hash).toBe('#/')
  })

  test('without a link nothing is connected, and the page says what to do', async () => {
    const { host, page } = await open()
    await page.goto(host.url)
    await signedOut(page).waitFor()
    expect(await page.getByText('toolgate open', { exact: true }).count()).toBe(1)
    expect(host.asked).toEqual([])
    // The link is put into the address of the page that is open.
    await page.goto(host.link())
    await guarded(page).waitFor()
    expect(new URL(page.url()).hash).toBe('#/')
  })

  test('a used link opened where a session is good falls back to the session', async () => {
    const { host, page } = await open()
    const link = host.link()
    await page.goto(link)
    await guarded(page).waitFor()
    await page.goto('about:blank')
    await page.goto(link)
    await guarded(page).waitFor()
  })

  test('the approval page keeps its session in memory only', async () => {
    const presence = { present: false, enrolled: true, lost: false, proof: 'pin' as const }
    const { host, page } = await open({ page: 'approval', answers: { 'presence.state': () => presence } })
    await page.goto(host.link('/servers/files'))
    await page.getByRole('heading', { name: 'Enter your PIN' }).waitFor()
    expect(await page.locator('main').getAttribute('data-at')).toBe('/servers/files')
    expect(page.url()).toBe(`${host.url}#/servers/files`)
    expect(await page.evaluate('sessionStorage.length + localStorage.length + document.cookie.length')).toBe(0)
    presence.present = true
    host.tell({ changed: ['presence'] })
    await page.getByText('Unlocked').waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'Open this page from Toolgate' }).waitFor()
  })

  test('in the desktop app the bridge carries the lines, and no socket is opened', async () => {
    const { host, page } = await open()
    await page.addInitScript((status) => {
      let hear: (line: string) => void = () => undefined
      const answer = (line: string) => {
        const { id, call } = JSON.parse(line)
        hear(JSON.stringify(call === 'status' ? { id, ok: true, value: status } : { id, ok: false }))
      }
      const bridge = { send: answer, onLine: (listener: typeof hear) => (hear = listener) }
      Object.assign(globalThis, { bridge })
    }, quietStatus())
    await page.goto(host.url)
    await guarded(page).waitFor()
    expect(host.asked).toEqual([])
  })
})

describe('staying current', () => {
  test('one question is asked once however many show it, and again when its topic changes', async () => {
    let status: StatusView = quietStatus()
    const { host, page } = await open({ answers: { status: () => status } })
    const statusAsked = () => host.asked.filter((name) => name === 'status').length
    await page.goto(host.link())
    await guarded(page).waitFor()
    expect(statusAsked()).toBe(1)
    status = { ...status, approvals: 2 }
    host.tell({ changed: ['clients', 'approvals'] })
    await page.getByText('2 calls wait for your answer').waitFor()
    expect(statusAsked()).toBe(2)
    host.tell({ changed: ['status'] })
    await expect.poll(statusAsked).toBe(3)
  })

  test('a lost connection is said, what was known stays, and after it everything is asked again', async () => {
    let status: StatusView = quietStatus()
    const { host, page } = await open({ answers: { status: () => status } })
    await page.goto(host.link())
    await guarded(page).waitFor()
    const { port } = host
    await host.close()
    await page.getByText('The connection to the gateway was lost.').waitFor()
    expect(await guarded(page).count()).toBe(1)
    status = { ...status, stopped: true, halts: [haltOf('all')] }
    const session = await page.evaluate(() => sessionStorage.getItem('toolgate.session'))
    const again = await startPageHost({
      page: 'app',
      answers: { status: () => status },
      port,
      sessions: [session ?? ''],
    })
    onTestFinished(() => again.close())
    await page.getByRole('heading', { name: 'Toolgate is stopped' }).waitFor()
    expect(await page.getByText('The connection to the gateway was lost.').count()).toBe(0)
  })

  test('a host that forgot the session signs the page out', async () => {
    const { host, page } = await open()
    await page.goto(host.link())
    await guarded(page).waitFor()
    host.drop({ forget: true })
    await signedOut(page).waitFor()
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0)
  })

  test('a call whose answer is lost fails with what to do', async () => {
    const { host, page } = await open({ answers: { stop: () => new Promise(() => undefined) } })
    await page.goto(host.link())
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.keyboard.press('Enter')
    await expect.poll(() => host.asked).toContain('stop')
    host.drop()
    await page.getByText('the connection to the gateway was lost before it answered').waitFor()
  })

  test('a failure of the gateway is shown with its next step, and can be retried', async () => {
    let broken = true
    const answers: Answers = {
      status: () => {
        if (broken) throw new HostRefusal('INTERNAL', 'Toolgate failed', 'see the log `gateway.log`')
        return quietStatus()
      },
    }
    const { host, page } = await open({ answers })
    await page.goto(host.link())
    const alert = page.getByRole('alert')
    await alert.getByText('Toolgate failed').waitFor()
    expect(await alert.locator('code').allTextContents()).toEqual(['gateway.log'])
    broken = false
    await page.getByRole('button', { name: 'Try again' }).click()
    await guarded(page).waitFor()
  })

  test('at the end of the list a gateway that fails is not asked again and again, nor one that is gone', async () => {
    const rows = manyCalls(400)
    let broken = false
    const answers: Answers = {
      'activity.calls': ({ limit, before = Number.POSITIVE_INFINITY }) => {
        if (broken) throw new HostRefusal('INTERNAL', 'Toolgate failed', 'see the log')
        const fit = rows.filter(({ seq }) => seq < before)
        return { rows: fit.slice(0, limit), next: fit[limit - 1]?.seq ?? null }
      },
    }
    const { host, page } = await open({ answers })
    await page.goto(host.link('/activity'))
    const table = page.getByRole('treegrid')
    await table.getByRole('row').nth(3).waitFor()
    const asked = () => host.asked.filter((name) => name === 'activity.calls').length
    broken = true
    const before = asked()
    await table.focus()
    await page.keyboard.press('End')
    await page.getByText('Calls may be missing').waitFor()
    expect(asked()).toBe(before + 1)
    broken = false
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByText('Calls may be missing').waitFor({ state: 'detached' })

    broken = true
    await host.close()
    await page.getByText('The connection to the gateway was lost.').waitFor()
    await table.focus()
    await page.keyboard.press('End')
    await page.keyboard.press('End')
    expect(await page.evaluate('1 + 1')).toBe(2)
  })
})

describe('using it by keyboard', () => {
  test('everything is stopped with a reason', async () => {
    const reasons: string[] = []
    const stop = ({ reason }: { reason: string }) => {
      reasons.push(reason)
      return {}
    }
    const { host, page } = await open({ answers: { stop } })
    await page.goto(host.link())
    await page.getByRole('button', { name: 'Stop' }).focus()
    await page.keyboard.press('Enter')
    await page.getByLabel('Why').waitFor()
    await page.keyboard.type('the agent went wild')
    await page.keyboard.press('Enter')
    await page.getByLabel('Why').waitFor({ state: 'detached' })
    expect(reasons).toEqual(['the agent went wild'])
  })

  test('the palette opens, finds, does, and gives the focus back', async () => {
    const { host, page } = await open()
    await page.goto(host.link())
    await page.getByRole('button', { name: 'Show icons only' }).focus()
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox').waitFor()
    await page.keyboard.type('next theme')
    await page.keyboard.press('Enter')
    await page.locator('html[data-theme="light"]').waitFor()
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('combobox').waitFor({ state: 'detached' })
    expect(await page.locator(':focus').getAttribute('aria-label')).toBe('Show icons only')
  })
})

describe('the way to the approval page', () => {
  const opened = async (url: string | null) => {
    const at: string[] = []
    const answers: Answers = {
      status: busyStatus,
      'approvals.open': (input) => {
        at.push(input.at)
        return { url }
      },
    }
    const all = await open({ answers })
    await all.page.goto(all.host.link())
    return { ...all, at }
  }

  test('it opens in a tab that knows nothing of this one', async () => {
    const target = await startPageHost({ page: 'approval', answers: {} })
    onTestFinished(() => target.close())
    const { page, context, at } = await opened(target.link('/servers/slack'))
    const row = page.getByRole('listitem').filter({ hasText: 'slack changed' })
    const [tab] = await Promise.all([context.waitForEvent('page'), row.getByRole('button').click()])
    await tab.waitForURL(`${target.url}#/servers/slack`)
    expect(at).toEqual(['/servers/slack'])
    expect(await tab.evaluate('window.opener')).toBeNull()
  })

  test('nobody is sent to another machine', async () => {
    const { page, context } = await opened('https://example.com/#sign-in=x')
    await page.getByRole('button', { name: 'Compare' }).click()
    await page.getByText('the approval page is not on this machine').waitFor()
    expect(context.pages()).toHaveLength(1)
  })
})

describe.each(['light', 'dark'] as const)('in the %s theme', (scheme) => {
  test.each([
    ['quiet', quietStatus],
    ['busy', busyStatus],
    ['fresh', freshStatus],
  ])('the %s overview is accessible and breaks no rule of the content security policy', async (_, status) => {
    const { host, page, complaints } = await open({ scheme, answers: { status } })
    await page.goto(host.link())
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.getByRole('button', { name: /^Record/ }).click()
    await page.getByRole('dialog').waitFor()
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
    expect(await page.locator('style').count()).toBe(0)
    expect(complaints).toEqual([])
  })
})
