import { createHash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { notesOverHttp, type TestGateway } from '../fakes/gateway.ts'
import { begin } from '../fakes/http-client.ts'
import { answerConsent, registerClient } from '../fakes/oauth-client.ts'

let gateway: TestGateway
let port: number

beforeAll(async () => {
  ;({ gateway, port } = await notesOverHttp())
})
afterAll(() => gateway.close())

/** A browser that waits for an answer: its page, and how each of its tabs asks whether there is one. */
async function waiting() {
  const client = await registerClient(port)
  const { browser, place } = await client.authorize()
  const cookie = browser.jar.map(({ name, value }) => `${name}=${value}`).join('; ')
  return {
    page: await browser.get(place),
    tab() {
      const { req, response } = begin(port, 'GET', `${place}/wait`, { host: `127.0.0.1:${port}`, cookie })
      const answer = response.then(async (res) => {
        const parts: Buffer[] = []
        for await (const part of res as AsyncIterable<Buffer>) parts.push(part)
        return [res.statusCode, JSON.parse(Buffer.concat(parts).toString())]
      })
      return { close: () => req.destroy(), answer: answer.catch(() => 'closed') }
    },
  }
}

/** What the script of the page does while it is given these answers, one after the other, and then no more. */
async function runScript(answers: readonly (object | 'none')[]): Promise<string[]> {
  const { page } = await waiting()
  const [, script = ''] = /<script>([\s\S]*?)<\/script>/.exec(page.body) ?? []
  const hash = createHash('sha256').update(script).digest('base64')
  expect(String(page.headers['content-security-policy'])).toContain(`script-src 'sha256-${hash}'`)
  const left = [...answers]
  const did: string[] = []
  const fetch = async () => {
    const next = left.shift()
    if (next === undefined) return new Promise(() => undefined)
    if (next === 'none') throw new Error('no connection')
    return next
  }
  const status = {
    set textContent(text: string) {
      did.push(text)
    },
  }
  const later = (go: () => void, ms: number) => {
    did.push(`waits ${ms}`)
    setImmediate(go)
  }
  const location = { pathname: '/oauth/consent/x', reload: () => did.push('reloads') }
  new Function('fetch', 'location', 'document', 'setTimeout', script)(
    ...[fetch, location, { querySelector: () => status }, later],
  )
  await pause(50)
  return did
}

const answered = (is: boolean) => ({ ok: true, status: 200, json: async () => ({ answered: is }) })
const refused = (status: number) => ({ ok: false, status, json: async () => ({ error: 'x' }) })

test('the page that waits never asks twice without a pause, whatever it is told, and goes on once there is an answer', async () => {
  expect(await runScript([answered(false), answered(false), answered(true)])).toEqual([
    'waits 1000',
    'waits 1000',
    'reloads',
  ])
  expect(await runScript([refused(429), refused(500), answered(true)])).toEqual(['waits 5000', 'waits 5000', 'reloads'])
  // The request is over: the page that comes then says why.
  expect(await runScript([refused(400)])).toEqual(['reloads'])
  expect(await runScript(['none'])).toEqual([expect.stringContaining('Start again')])
})

test('of tabs that wait for one answer the fifth is refused, and pushes none of the others out', async () => {
  const { tab } = await waiting()
  const first = [tab(), tab(), tab(), tab()]
  await pause(200)
  expect(await tab().answer).toMatchObject([429, { error: 'temporarily_unavailable' }])
  const early = await Promise.race([...first.map(({ answer }) => answer), pause(300)])
  expect(early).toBeUndefined()
  // One that is closed leaves its place.
  first[0]?.close()
  let another = tab()
  await expect
    .poll(async () => {
      const now = await Promise.race([another.answer, pause(200)])
      if (now !== undefined) another = tab()
      return now
    })
    .toBeUndefined()
  await answerConsent(gateway.core, 'deny')
  const told = await Promise.all([...first.slice(1), another].map(({ answer }) => answer))
  expect(told).toEqual(told.map(() => [200, { answered: true }]))
})
