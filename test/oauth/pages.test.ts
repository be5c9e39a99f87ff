import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../src-main/host/clock.ts'
import { simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import { send } from '../fakes/http-client.ts'
import { callback, postJson, registerClient } from '../fakes/oauth-client.ts'

let gateway: TestGateway
let port: number

beforeEach(async () => {
  // Time stands still: nothing that was used up comes back.
  const clock = { ...systemClock, monotonic: () => 0 }
  gateway = await startGateway({ policy: simplePolicy(), http: { port: 0 }, ports: { clock } })
  onTestFinished(() => gateway.close())
  port = gateway.core.httpPort ?? 0
})

/** What browsers say of a request. */
const said = (site: string, mode: string, dest: string, more: Record<string, string> = {}) => ({
  ...{ 'sec-fetch-site': site, 'sec-fetch-mode': mode, 'sec-fetch-dest': dest },
  ...more,
})
const picture = said('cross-site', 'no-cors', 'image')
const link = said('cross-site', 'navigate', 'document', { 'sec-fetch-user': '?1' })

/** How many of as many answers had each status. */
async function statuses(count: number, path: string, headers: Record<string, string>): Promise<Record<number, number>> {
  const found: Record<number, number> = {}
  for (let left = count; left > 0; left -= 20) {
    const some = Array.from({ length: Math.min(20, left) }, () => send(port, 'GET', path, headers))
    for (const { status } of await Promise.all(some)) found[status] = (found[status] ?? 0) + 1
  }
  return found
}

/** What an app gets that signs in: its registration, and what the browser shows that it opens. */
async function signsIn(headers: Record<string, string> = {}): Promise<number[]> {
  const asked = { client_name: 'App', redirect_uris: [callback] }
  const { status } = await postJson(port, '/oauth/register', asked)
  return [status, (await send(port, 'GET', '/oauth/authorize?client_id=none', headers)).status]
}

test.each<[string, string, string, Record<string, string>]>([
  ['a picture', 'GET', '/oauth/authorize', picture],
  ['a picture of the same site', 'GET', '/oauth/authorize', said('same-site', 'no-cors', 'image')],
  ['a frame', 'GET', '/oauth/authorize', said('cross-site', 'navigate', 'iframe')],
  ['an object', 'GET', '/oauth/authorize', said('cross-site', 'navigate', 'object')],
  ['a form', 'POST', '/oauth/authorize', link],
  [
    'a page that is fetched before anybody goes there',
    'GET',
    '/oauth/authorize',
    { ...link, 'sec-purpose': 'prefetch' },
  ],
  ['a link to where apps register', 'GET', '/oauth/register/x', link],
  ['a link to what waits for an answer', 'GET', '/oauth/consent/x/wait', link],
  ['a link to what this server says of itself', 'GET', '/.well-known/oauth-authorization-server', link],
  ['a link to a server', 'GET', '/mcp/notes', link],
  ['a picture of a server', 'GET', '/mcp', picture],
  [
    'what says two things',
    'GET',
    '/oauth/authorize',
    { ...link, 'sec-fetch-site': 'none, cross-site', 'sec-fetch-dest': 'empty' },
  ],
])('%s that a page asks for is refused before anything else is said', async (_what, method, path, headers) => {
  const answer = await send(port, method, path, headers)
  expect([answer.status, JSON.parse(answer.body).error.data.code]).toEqual([403, 'WRONG_ORIGIN'])
})

test.each([
  ['a link of an app’s own page', link],
  ['a link of a page on this machine', said('same-site', 'navigate', 'document')],
  ['an address that a program opened', said('none', 'navigate', 'document')],
  ['a browser that says nothing', {}],
  ['a page of this gateway', said('same-origin', 'cors', 'empty')],
  ['a program that says half of what browsers do', { 'sec-fetch-mode': 'cors' }],
])('%s leads to where apps sign in', async (_what, headers) => {
  const client = await registerClient(port)
  const { place } = await client.authorize()
  expect(place).toContain('/oauth/consent/')
  // It shows what is wrong with them, to whoever follows it.
  expect((await send(port, 'GET', '/oauth/authorize?client_id=none', headers)).status).toBe(400)
  expect((await send(port, 'GET', place, headers)).status).toBe(400)
})

test('a page that asks for pictures without end keeps no app from signing in', { timeout: 30_000 }, async () => {
  expect(await statuses(300, '/oauth/authorize', picture)).toEqual({ 403: 300 })
  expect(await statuses(400, '/oauth/none', picture)).toEqual({ 403: 400 })
  expect(await signsIn()).toEqual([201, 400])
})

test('what is at no address counts for nothing, and what does keeps its bound', { timeout: 30_000 }, async () => {
  expect(await statuses(700, '/oauth/none', {})).toEqual({ 404: 700 })
  expect(await signsIn()).toEqual([201, 400])
  expect(await statuses(605, '/oauth/jwks', {})).toEqual({ 200: 598, 429: 7 })
})

test('a page that leads its browser here without end stands in the way of pages alone', {
  timeout: 30_000,
}, async () => {
  expect(await statuses(140, '/oauth/consent/x', link)).toEqual({ 400: 120, 429: 20 })
  expect(await signsIn(link)).toEqual([201, 429])
  expect(await signsIn(said('none', 'navigate', 'document'))).toEqual([201, 400])
})
