import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  expectAccessible,
  focused,
  longestWork,
  press,
  screenshot,
  scrollSlowly,
  tabTo,
  testBrowser,
  type WatchedPage,
} from './browser.ts'
import { testFolder } from './folder.ts'
import { until } from './processes.ts'
import { site } from './static-site.ts'

const browser = testBrowser({ hosts: ['evil.test'] })

const page = (body: string) =>
  `<!doctype html><html lang="en"><head><title>a page</title><link rel="icon" href="data:,"></head><body><main><h1>hello</h1>${body}</main></body></html>`

/** Waits for a complaint. */
function complaintTo({ complaints }: WatchedPage, pattern: RegExp): Promise<void> {
  return until(`a complaint like ${pattern}`, () => complaints.some((text) => pattern.test(text)))
}

test('a page without faults passes, in the theme and size that were asked for', async () => {
  const at = await site({
    '/': page(
      '<p id="theme">light</p><script>theme.textContent = matchMedia("(prefers-color-scheme: dark)").matches</script>',
    ),
  })
  const tab = await browser.newPage({ theme: 'dark', width: 900, height: 600, reducedMotion: true })
  await tab.goto(at)
  expect(await tab.locator('#theme').textContent()).toBe('true')
  expect(await tab.evaluate('[innerWidth, innerHeight, matchMedia("(prefers-reduced-motion)").matches]')).toEqual([
    ...[900, 600, true],
  ])
  await expectAccessible(tab)
})

test.each<[string, string, RegExp]>([
  ['an error on the console', '<script>console.error("ouch")</script>', /^console error: ouch$/],
  ['a warning on the console', '<script>console.warn("hm")</script>', /^console warning: hm$/],
  ['an error that nobody caught', '<script>throw new Error("oh")</script>', /^uncaught: oh$/],
  ['a promise that nobody caught', '<script>Promise.reject(new Error("no"))</script>', /^uncaught: no$/],
  ['a file that is not there', '<img alt="" src="/none.png">', /^404 for http.*none\.png$/],
  [
    'a request to elsewhere',
    '<img alt="" src="http://example.com/x.png">',
    /^net::ERR_NAME_NOT_RESOLVED for .*example/,
  ],
  ['an error in a page that it opens', '<script>open("/other")</script>', /^console error: other$/],
])('%s is a complaint', async (_, body, complaint) => {
  const at = await site({ '/': page(body), '/other': page('<script>console.error("other")</script>') })
  const watched = await browser.newWatchedPage()
  await watched.page.goto(at)
  await complaintTo(watched, complaint)
})

test('what a content security policy forbids is a complaint', async () => {
  const policy = { 'content-security-policy': "default-src 'none'" }
  const at = await site({ '/': page('<p style="color: red">red</p>') }, policy)
  const watched = await browser.newWatchedPage()
  await watched.page.goto(at)
  await complaintTo(watched, /^content security policy: style-src-attr forbids inline$/)
})

test.fails('a complaint fails its test', async () => {
  const at = await site({ '/': page('<script>console.error("ouch")</script>') })
  const tab = await browser.newPage()
  await tab.goto(at)
})

test('a complaint that is allowed does not', async () => {
  const at = await site({ '/': page('<script>console.error("ouch")</script>') })
  const tab = await browser.newPage({ allow: [/ouch/] })
  await tab.goto(at)
})

test('a fault of accessibility is found and named', async () => {
  const at = await site({ '/': page('<input>') })
  const tab = await browser.newPage()
  await tab.goto(at)
  await expect(expectAccessible(tab)).rejects.toThrow(/label: Form elements must have labels at input/)
})

test('a name of the test means this machine, and no other name means anything', async () => {
  const at = await site({ '/': page('') })
  const tab = await browser.newPage()
  await tab.goto(at.replace('127.0.0.1', 'evil.test'))
  expect(await tab.title()).toBe('a page')
})

test('the keyboard is followed by role and name', async () => {
  const at = await site({
    '/': page('<button>Deny</button><label>why <input></label><button onclick="this.textContent = 1">Allow</button>'),
  })
  const tab = await browser.newPage()
  await tab.goto(at)
  await tabTo(tab, /button "Allow"/)
  await press(tab, 'Shift+Tab', 'n', 'o')
  expect(await focused(tab)).toBe('textbox "why": "no"')
  await tabTo(tab, /button "Deny"/, 'Shift+Tab')
  await expect(tabTo(tab, /button "Elsewhere"/)).rejects.toThrow(/never comes to .*; it went over .*button "Allow"/)
})

test('a screenshot lies where it was asked for', async () => {
  const folder = testFolder()
  process.env.TOOLGATE_SCREENSHOTS = folder
  const tab = await browser.newPage({ width: 300, height: 200 })
  await tab.goto(await site({ '/': page('') }))
  expect(await screenshot(tab, 'hello-light')).toBe(join(folder, 'hello-light.png'))
  delete process.env.TOOLGATE_SCREENSHOTS
  const png = readFileSync(join(folder, 'hello-light.png'))
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([300, 200])
})

test('the longest work of a page while it is scrolled is that of its longest task', async () => {
  const rows = Array.from({ length: 500 }, (_, row) => `<p>row ${row}</p>`).join('')
  const busy =
    '<script>list.addEventListener("scroll", () => { for (let n = 0; n < 3e8; n++); }, { once: true })</script>'
  const list = `<div id="list" tabindex="0" style="height: 300px; overflow: auto">${rows}</div>`
  const at = await site({ '/smooth': page(list), '/busy': page(list + busy) })
  const tab = await browser.newPage()
  const longest = async (path: string) => {
    await tab.goto(`${at}${path}`)
    return longestWork(tab, () => scrollSlowly(tab.locator('#list'), 30))
  }
  const smooth = await longest('smooth')
  expect(smooth).toBeGreaterThan(0)
  expect(await longest('busy')).toBeGreaterThan(smooth)
  await expect(scrollSlowly(tab.locator('h1'))).rejects.toThrow('nothing to scroll')
})
