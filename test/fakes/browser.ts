import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core'
import { afterAll, beforeAll, onTestFinished } from 'vitest'
import { findBrowser, noBrowser, thisMachine } from '../../scripts/setup/browser.mjs'
import { reportViolations, scrollThrough } from './in-page.mjs'

const root = join(import.meta.dirname, '..', '..')

/** `allow`: complaints that this test provokes, such as those of a connection that it cuts. `ignoreHTTPSErrors`: as Playwright has it. */
export type PageOptions = {
  theme?: 'light' | 'dark'
  width?: number
  height?: number
  reducedMotion?: boolean
  ignoreHTTPSErrors?: boolean
  allow?: readonly RegExp[]
}

/** A page with what a person would not want to happen in it, as text. */
export type WatchedPage = { page: Page; complaints: readonly string[] }

/** The browser of one test file. */
export type TestBrowser = {
  /** A new page, with storage of its own; the test fails at its end if it, or a page that it opened, had complaints. */
  newPage: (options?: PageOptions) => Promise<Page>
  /** The same, for tests that look at the complaints themselves. */
  newWatchedPage: (options?: PageOptions) => Promise<WatchedPage>
}

/**
 * Runs one Chromium for all tests of a file, which must be named `*.browser.test.ts`. It reaches
 * nothing but this machine: every other name is unknown to it, except `hosts`, which mean 127.0.0.1.
 */
export function testBrowser({ hosts = [] }: { hosts?: readonly string[] } = {}): TestBrowser {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchBrowser(hosts)
  })
  // Absent when the launch failed.
  afterAll(() => browser?.close())
  const newWatchedPage = async (options: PageOptions = {}): Promise<WatchedPage> => {
    const context = await newContext(browser, options)
    const { complaints, add } = watch(context, options.allow ?? [])
    await context.exposeBinding('toolgateTestComplaint', (_, text: string) => add(text))
    await context.addInitScript(reportViolations)
    onTestFinished(() => context.close())
    return { page: await context.newPage(), complaints }
  }
  return {
    newWatchedPage,
    async newPage(options) {
      const { page, complaints } = await newWatchedPage(options)
      onTestFinished(() => expectNone('complaints of the page', complaints))
      return page
    },
  }
}

/** The browser itself, for programs that are no tests; whoever launches it closes it. Throws when there is none. */
export async function launchBrowser(hosts: readonly string[] = []): Promise<Browser> {
  const machine = thisMachine({ root, node: process.execPath, env: process.env })
  const executablePath = process.env.TOOLGATE_TEST_BROWSER ?? (await findBrowser(machine))
  if (executablePath === null) {
    const { message, hint } = noBrowser(machine)
    throw new Error(`${message}; ${hint}`)
  }
  const known = ['127.0.0.1', 'localhost'].map((host) => `EXCLUDE ${host}`)
  const rules = [...hosts.map((host) => `MAP ${host} 127.0.0.1`), 'MAP * ~NOTFOUND', ...known]
  return chromium.launch({
    executablePath,
    // Its profile is a new folder, which Playwright removes. Only our own pages come into it, so as root it may do without
    // the sandbox that root cannot have.
    chromiumSandbox: process.platform !== 'linux' || process.getuid?.() !== 0,
    args: [
      ...['--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update'],
      ...['--disable-sync', `--host-resolver-rules=${rules.join(', ')}`],
    ],
  })
}

function newContext(browser: Browser, options: PageOptions): Promise<BrowserContext> {
  return browser.newContext({
    colorScheme: options.theme ?? 'light',
    viewport: { width: options.width ?? 1280, height: options.height ?? 800 },
    ignoreHTTPSErrors: options.ignoreHTTPSErrors ?? false,
    reducedMotion: options.reducedMotion ? 'reduce' : 'no-preference',
    locale: 'en-GB',
    timezoneId: 'UTC',
  })
}

/** Collects what goes wrong in any page of a context. */
function watch(
  context: BrowserContext,
  allow: readonly RegExp[],
): { complaints: readonly string[]; add: (text: string) => void } {
  const complaints: string[] = []
  const add = (text: string) => {
    if (!allow.some((pattern) => pattern.test(text))) complaints.push(text)
  }
  context.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') add(`console ${message.type()}: ${message.text()}`)
  })
  context.on('weberror', (error) => add(`uncaught: ${error.error().message}`))
  context.on('response', (response) => {
    if (response.status() >= 400) add(`${response.status()} for ${withoutFragment(response.url())}`)
  })
  context.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? 'failed'
    // What a page still waited for when it was left.
    if (why !== 'net::ERR_ABORTED') add(`${why} for ${withoutFragment(request.url())}`)
  })
  return { complaints, add }
}

function withoutFragment(url: string): string {
  return url.split('#')[0] ?? ''
}

/** Fails with every fault that axe finds in the page as it stands, in any of its rules. */
export function expectAccessible(page: Page): Promise<void> {
  return expectNoFaults(page, (axe) => axe)
}

/** The same of what another theme changes: its colours. */
function expectLegible(page: Page): Promise<void> {
  return expectNoFaults(page, (axe) => axe.withRules(['color-contrast', 'link-in-text-block']))
}

async function expectNoFaults(page: Page, choose: (axe: AxeBuilder) => AxeBuilder): Promise<void> {
  // Halfway between two colours nothing has the contrast that it will have.
  await page.evaluate(
    'Promise.all(document.getAnimations().filter((it) => it.effect?.getComputedTiming().endTime < 2_000).map((it) => it.finished.catch(() => {})))',
  )
  // Our pages hold no frames: to look for faults that lie in them would take another page and half as long again.
  const { violations } = await choose(new AxeBuilder({ page }).setLegacyMode(true)).analyze()
  const faults = violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${help} at ${target.join(' ')}\n${failureSummary ?? ''}`),
  )
  expectNone('faults that axe finds', faults)
}

/** Lets axe look at a page as it stands, in both themes. `each` hears which theme is on, before axe looks. */
export async function expectAccessibleInBoth(
  page: Page,
  each: (theme: 'light' | 'dark') => Promise<unknown> = async () => {},
): Promise<void> {
  for (const [colorScheme, expected] of [
    ['dark', expectLegible],
    ['light', expectAccessible],
  ] as const) {
    await page.emulateMedia({ colorScheme })
    await each(colorScheme)
    await expected(page)
  }
}

function expectNone(what: string, found: readonly string[]): void {
  if (found.length > 0) throw new Error(`${what}:\n${found.join('\n')}`)
}

/**
 * Takes a picture of the page as it stands, once its fonts are there, and gives its path; into the folder that
 * TOOLGATE_SCREENSHOTS names, else `test-results`.
 */
export async function screenshot(page: Page, name: string): Promise<string> {
  const folder = process.env.TOOLGATE_SCREENSHOTS ?? join(root, 'test-results')
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `${name}.png`)
  await page.evaluate('document.fonts.ready.then(() => null)')
  await page.screenshot({ path, animations: 'disabled' })
  return path
}

/** What the keyboard is on, by role and name as a screen reader says them: `button "Deny"`; `nothing` when it is nowhere. */
export async function focused(page: Page): Promise<string> {
  const here = page.locator(':focus')
  if ((await here.count()) === 0) return 'nothing'
  const [line = ''] = (await here.first().ariaSnapshot()).split('\n')
  return line.replace(/^- /, '').replace(/:$/, '')
}

/** Presses Tab until `wanted` has the focus (as `focused` tells it); fails with the way it took when it never comes. */
export async function tabTo(page: Page, wanted: RegExp, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  const way: string[] = []
  // From the last element it goes nowhere, then to the first: the second time it has been everywhere.
  while (way.length < 200 && way.filter((here) => here === 'nothing').length < 2) {
    await page.keyboard.press(key)
    const here = await focused(page)
    if (wanted.test(here)) return
    way.push(here)
  }
  throw new Error(`${key} never comes to ${wanted}; it went over ${[...new Set(way)].join(', ')}`)
}

/** Presses keys one after the other, as a person would. */
export async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key)
}

/** Scrolls an element to its farther end while whatever happens in the page goes on. */
export async function scrollSlowly(element: Locator, steps = 120): Promise<void> {
  if ((await element.evaluate(scrollThrough, steps)) <= 0) throw new Error('there is nothing to scroll')
}

type TraceEvent = {
  name: string
  ph: string
  pid: number
  tid: number
  dur?: number
  tdur?: number
  args?: { name?: string }
}

/**
 * The most that the page itself worked in one task, in ms of processor time, while `run` went on: what a machine with nothing
 * else to do would need for it. Time on the clock also counts how long a page waits for its turn on a busy machine.
 */
export async function longestWork(page: Page, run: () => Promise<void>): Promise<number> {
  const devtools = await page.context().newCDPSession(page)
  const events: TraceEvent[] = []
  devtools.on('Tracing.dataCollected', ({ value }) => {
    // Playwright's types know nothing of what is in it.
    events.push(...(value as unknown as TraceEvent[]))
  })
  await devtools.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['toplevel', '__metadata'], excludedCategories: ['*'] },
  })
  await run()
  const complete = new Promise((resolve) => devtools.once('Tracing.tracingComplete', resolve))
  await devtools.send('Tracing.end')
  await complete
  await devtools.detach()
  const thread = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`
  const main = new Set(events.filter(({ args }) => args?.name === 'CrRendererMain').map(thread))
  const tasks = events.filter((event) => event.name.endsWith('RunTask') && event.ph === 'X' && main.has(thread(event)))
  if (tasks.length === 0) throw new Error('the browser told of no task of the page')
  return Math.max(...tasks.map(({ tdur, dur = 0 }) => (tdur ?? dur) / 1_000))
}

/** Takes the picture of a page in both themes, and lets axe look at both. */
export function look(page: Page, name: string): Promise<void> {
  return expectAccessibleInBoth(page, (theme) => screenshot(page, `${name}-${theme}`))
}

/** The approval page that a button of the app opens, in a window as small as its own. */
export async function opened(context: BrowserContext, open: () => Promise<void>): Promise<Page> {
  const [page] = await Promise.all([context.waitForEvent('page'), open()])
  await page.setViewportSize({ width: 440, height: 680 })
  return page
}
