import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { appHost } from '../fakes/app-host.ts'
import { testBrowser } from '../fakes/browser.ts'
import { simplePolicy } from '../fakes/gateway.ts'
import { callback, registerClient } from '../fakes/oauth-client.ts'
import { openLink, type PageClient } from '../fakes/page-client.ts'

/*
 * What a page that is not the approval page can do in a real browser, with everything in hand that it could ever have: the
 * addresses, a nonce that is still good, a session. Host, Origin and the browser's own rules are all there is against it.
 */
const browser = testBrowser({ hosts: ['rebound.example'] })
const host = appHost(simplePolicy())
let appLink = ''
let person: PageClient
let approvalLink = ''
let stranger = ''

const site = createServer((_request, response) => {
  response.setHeader('Content-Type', 'text/html')
  response.end('<!doctype html><title>another page</title>')
})

beforeAll(async () => {
  appLink = await host.start()
  person = await openLink(appLink)
  approvalLink = (await person.call('approvals.open', { at: '/' })).url ?? ''
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
  stranger = `http://127.0.0.1:${(site.address() as AddressInfo).port}`
})
afterAll(() => site.close())

const appOrigin = () => new URL(appLink).origin
const approvalOrigin = () => new URL(approvalLink).origin
const nonceOf = (link: string) => new URLSearchParams(new URL(link).hash.slice(1)).get('sign-in') ?? ''

/** What becomes of a WebSocket that a page opens and greets: the first line that it gets, or `closed` without one. */
function greet(page: Page, url: string, greeting: object): Promise<string> {
  return page.evaluate(`new Promise((resolve) => {
    const link = new WebSocket(${JSON.stringify(url)})
    link.onopen = () => link.send(${JSON.stringify(JSON.stringify(greeting))})
    link.onmessage = ({ data }) => resolve(String(data))
    link.onclose = link.onerror = () => resolve('closed')
  })`)
}

/** What a page can read of an address: its status and text, or why not. */
async function read(page: Page, url: string, options: object = {}): Promise<string> {
  return page.evaluate(
    `fetch(${JSON.stringify(url)}, ${JSON.stringify(options)}).then(
      async (response) => response.type + ' ' + response.status + ' ' + (await response.text()),
      (error) => 'no: ' + error.message)`,
  )
}

/** Watches what a page asks for, and gives the status of the answer at a path, also of one that the browser keeps from the page. */
async function watchStatuses(page: Page): Promise<(path: string) => number | undefined> {
  const session = await page.context().newCDPSession(page)
  const paths = new Map<string, string>()
  const statuses = new Map<string, number>()
  session.on('Network.requestWillBeSent', ({ requestId, request }) =>
    paths.set(requestId, new URL(request.url).pathname),
  )
  session.on('Network.responseReceivedExtraInfo', ({ requestId, statusCode }) => statuses.set(requestId, statusCode))
  await session.send('Network.enable')
  return (path) => [...paths].flatMap(([id, at]) => (at === path ? (statuses.get(id) ?? []) : [])).at(-1)
}

const quiet = { allow: [/./] }

test.each(['app', 'approval'] as const)(
  'another page on this machine cannot use the %s’s socket, nor read its files',
  async (door) => {
    const page = await browser.newPage(quiet)
    await page.goto(stranger)
    const origin = door === 'app' ? appOrigin() : approvalOrigin()
    const { url } = await person.call('approvals.open', { at: '/' })
    const nonce = door === 'app' ? nonceOf(appLink) : nonceOf(url ?? '')
    expect(await greet(page, `${origin.replace('http', 'ws')}/socket`, { sign_in: nonce })).toBe('closed')
    expect(await greet(page, `${origin.replace('http', 'ws')}/socket`, { session: person.session })).toBe('closed')
    expect(await read(page, `${origin}/`)).toMatch(/^no: /)
    expect(await read(page, `${origin}/`, { mode: 'no-cors' })).toMatch(/^(no: |opaque 0 $)/)
  },
)

test('another page cannot frame the app or the approval page', async () => {
  const page = await browser.newPage(quiet)
  await page.goto(stranger)
  for (const address of [appOrigin(), approvalOrigin()]) {
    await page.evaluate(
      `new Promise((resolve) => {
        const frame = document.createElement('iframe')
        frame.onload = resolve
        frame.src = ${JSON.stringify(`${address}/`)}
        document.body.append(frame)
      })`,
    )
    const frame = page.frames().at(-1)
    expect(await frame?.evaluate('document.querySelector("#root, main, button") === null')).toBe(true)
  }
})

test('a window that another page opened is out of its reach', async () => {
  const page = await browser.newPage(quiet)
  await page.goto(stranger)
  const [opened] = await Promise.all([
    page.context().waitForEvent('page'),
    page.evaluate(`void (window.target = window.open(${JSON.stringify(`${approvalOrigin()}/`)}))`),
  ])
  await opened.waitForLoadState()
  expect(await page.evaluate('window.target.closed')).toBe(true)
  expect(await opened.evaluate('window.opener === null')).toBe(true)
})

test('a name that was rebound to this machine reaches nothing', async () => {
  const page = await browser.newPage(quiet)
  for (const origin of [appOrigin(), approvalOrigin(), new URL((await person.call('status', {})).http ?? '').origin]) {
    const response = await page.goto(origin.replace('127.0.0.1', 'rebound.example'))
    expect(response?.status()).toBe(403)
  }
})

test('the app’s own page cannot speak to the approval page’s socket, whatever it holds', async () => {
  const page = await browser.newPage(quiet)
  await page.goto(`${appOrigin()}/`)
  const { url } = await person.call('approvals.open', { at: '/' })
  const address = `${approvalOrigin().replace('http', 'ws')}/socket`
  // Its policy keeps it from trying; without that, the gateway sees where it comes from.
  expect(await greet(page, address, { sign_in: nonceOf(url ?? '') })).toBe('closed')
  const relaxed = await browser.newPage(quiet)
  await relaxed.route(`${appOrigin()}/`, async (route) => {
    const response = await route.fetch()
    const { 'content-security-policy': _, ...headers } = response.headers()
    await route.fulfill({ status: response.status(), headers, body: await response.body() })
  })
  await relaxed.goto(`${appOrigin()}/`)
  expect(await greet(relaxed, address, { sign_in: nonceOf(url ?? '') })).toBe('closed')
  // The nonce was never used up: where it belongs it is still good.
  const approval = await openLink(url ?? '')
  expect(await approval.call('presence.state', {})).toMatchObject({ present: false })
})

test('a web page cannot call a tool over HTTP, with a token or without', async () => {
  const page = await browser.newPage(quiet)
  await page.goto(stranger)
  const { http } = await person.call('status', {})
  const address = (http ?? '').replace('<server>', 'files')
  const call = { jsonrpc: '2.0', id: 1, method: 'tools/list' }
  expect(await read(page, address, { method: 'POST', mode: 'cors', body: JSON.stringify(call) })).toMatch(/^no: /)
  const bearer = { Authorization: 'Bearer tg_anything', 'Content-Type': 'application/json' }
  expect(await read(page, address, { method: 'POST', headers: bearer, body: JSON.stringify(call) })).toMatch(/^no: /)
})

test.each(['of another port', 'of another site'])(
  'a page %s gets nothing at the HTTP door with pictures and frames, and may lead its browser to where apps sign in',
  async (where) => {
    const page = await browser.newPage(quiet)
    const statusOf = await watchStatuses(page)
    await page.goto(where === 'of another port' ? stranger : stranger.replace('127.0.0.1', 'rebound.example'))
    const { origin, port } = new URL((await person.call('status', {})).http ?? '')
    for (const [path, tag] of [
      ['/oauth/authorize', 'img'],
      ['/oauth/consent/x', 'iframe'],
      ['/oauth/jwks', 'script'],
      ['/mcp', 'img'],
    ]) {
      const add = `document.body.append(Object.assign(document.createElement('${tag}'), { src: '${origin}${path}' }))`
      await page.evaluate(add)
      await expect.poll(() => statusOf(path ?? '')).toBe(403)
    }
    const { id } = await registerClient(Number(port))
    const query = new URLSearchParams({
      ...{ response_type: 'code', client_id: id, redirect_uri: callback, scope: 'mcp', resource: `${origin}/mcp` },
      ...{ code_challenge: 'a'.repeat(43), code_challenge_method: 'S256' },
    })
    const asks = page.waitForRequest((request) => request.url().endsWith('/wait'))
    await page.evaluate(`void (location.href = ${JSON.stringify(`${origin}/oauth/authorize?${query}`)})`)
    await page.getByRole('heading', { name: 'Look at Toolgate' }).waitFor()
    // It asks by itself whether there is an answer, and stays what it is when it is loaded again.
    await asks
    await page.reload()
    await page.getByRole('heading', { name: 'Look at Toolgate' }).waitFor()
  },
)

test('a sign-in link works once, and leaves no trace in the address', async () => {
  const { url } = await person.call('approvals.open', { at: '/' })
  const first = await browser.newPage()
  await first.goto(url ?? '')
  await first.getByText('Choose a PIN').waitFor()
  expect(first.url()).not.toContain(nonceOf(url ?? ''))
  const second = await browser.newPage()
  await second.goto(url ?? '')
  await second
    .getByText(/toolgate open|sign in|signed/i)
    .first()
    .waitFor()
  expect(await second.getByLabel('PIN', { exact: true }).count()).toBe(0)
})
