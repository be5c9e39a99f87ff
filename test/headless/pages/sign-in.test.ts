import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fakeClock } from '../../fakes/clock.ts'
import { connectPage, partsOf } from '../../fakes/pages.ts'
import { servedPages } from '../../fakes/served-pages.ts'

const refused = { ok: false, code: 'NOT_SIGNED_IN', hint: expect.stringContaining('toolgate open') }

test('a link signs a page in, at its own door, and its session takes a broken connection up again', async () => {
  const { pages, app, approval, signedIn } = await servedPages()
  const link = pages.port.appLink()
  expect(link).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:${app}/#sign-in=[\\w-]{43}$`))
  const page = await connectPage(app)
  const welcome = await page.signIn(partsOf(link).nonce)
  expect(welcome).toEqual({ ok: true, session: expect.stringMatching(/^[\w-]{43}$/) })
  expect(await page.call('status')).toMatchObject({ ok: true, value: { pid: process.pid } })

  page.socket.terminate()
  const again = await connectPage(app)
  expect(await again.resume(String(welcome.session))).toEqual(welcome)
  expect(await again.call('status')).toMatchObject({ ok: true })

  const opened = await again.call('approvals.open', { at: '/servers/files' })
  const { url } = opened.value as { url: string }
  expect(url).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:${approval}/#sign-in=[\\w-]{43}&at=/servers/files$`))
  const person = await signedIn('approval')
  expect(await person.call('presence.state')).toMatchObject({ ok: true, value: { present: false } })
})

test('presence lives with the session of the approval page, and nowhere else', async () => {
  const { approval, signedIn } = await servedPages()
  const page = await signedIn('approval')
  expect(await page.call('clients.issue', { name: 'Editor' })).toMatchObject({ ok: false, code: 'PRESENCE_REQUIRED' })
  expect(await page.call('presence.enroll', { pin: '739154' })).toMatchObject({ ok: true })
  expect(await page.call('clients.issue', { name: 'Editor' })).toMatchObject({ ok: true })

  page.socket.terminate()
  const again = await connectPage(approval)
  await again.resume(page.session)
  expect(await again.call('clients.issue', { name: 'Editor' })).toMatchObject({ ok: true })
  const other = await signedIn('approval')
  expect(await other.call('clients.issue', { name: 'Editor' })).toMatchObject({ ok: false, code: 'PRESENCE_REQUIRED' })
})

test('a nonce is good once: who brings it again gets nothing, and ends the session that it began', async () => {
  const { app, nonce, logged } = await servedPages()
  const once = nonce('app')
  const first = await connectPage(app)
  const { session } = await first.signIn(once)
  const second = await connectPage(app)
  expect(await second.signIn(once)).toMatchObject(refused)
  await Promise.all([second.ended, first.ended])
  const third = await connectPage(app)
  expect(await third.resume(String(session))).toMatchObject(refused)
  expect(logged.some((line) => line.includes('came twice'))).toBe(true)
})

test('a nonce is good for 60 seconds, whatever the wall clock says', async () => {
  const clock = fakeClock()
  const { app, nonce } = await servedPages(clock)
  const [late, inTime] = [nonce('app'), nonce('app')]
  clock.setWall(0)
  clock.advance(59_999)
  expect(await (await connectPage(app)).signIn(inTime)).toMatchObject({ ok: true })
  clock.advance(1)
  const page = await connectPage(app)
  expect(await page.signIn(late)).toMatchObject(refused)
  await page.ended
})

test('nonces and sessions are of one door', async () => {
  const { app, approval, nonce, signedIn } = await servedPages()
  const [appPage, approvalPage] = [await signedIn('app'), await signedIn('approval')]
  const attempts: [port: number, greeting: object][] = [
    [approval, { sign_in: nonce('app') }],
    [app, { sign_in: nonce('approval') }],
    [approval, { session: appPage.session }],
    [app, { session: approvalPage.session }],
    [approval, { sign_in: approvalPage.session }],
    [app, { session: nonce('app') }],
    [app, { session: randomBytes(32).toString('base64url') }],
  ]
  for (const [port, greeting] of attempts) {
    const page = await connectPage(port)
    page.send(greeting)
    expect(await page.next()).toMatchObject(refused)
    await page.ended
    expect(page.messages).toEqual([])
  }
  expect(await appPage.call('status')).toMatchObject({ ok: true })
})

test.each<[what: string, line: string | Buffer]>([
  ['no JSON', 'hello'],
  ['a call', '{"id":1,"call":"status","input":{}}'],
  ['something else', '[]'],
  ['a nonce and a session', JSON.stringify({ sign_in: 'a'.repeat(43), session: 'a'.repeat(43) })],
  ['a nonce of another length', JSON.stringify({ sign_in: 'a'.repeat(44) })],
  ['longer than a greeting may be', JSON.stringify({ sign_in: 'a'.repeat(1_024) })],
  ['binary', Buffer.from('{}')],
])('a first line that is %s ends the connection, and what follows it is not heard', async (_, line) => {
  const { app, nonce } = await servedPages()
  const page = await connectPage(app)
  page.socket.send(line)
  page.send({ sign_in: nonce('app') })
  page.send({ id: 1, call: 'status', input: {} })
  expect(await page.next()).toMatchObject(refused)
  await page.ended
  expect(page.messages).toEqual([])
})

test('a greeting that does not end is cut off long before it fills memory', async () => {
  const { app, logged } = await servedPages()
  const page = await connectPage(app)
  page.socket.send('x'.repeat(600), { fin: false })
  page.socket.send('x'.repeat(4 * 1024 * 1024), { fin: false })
  await page.ended
  expect(logged.filter((line) => line.includes('too long'))).toHaveLength(1)
})

test('a page that says nothing is let go after 5 seconds', async () => {
  const clock = fakeClock()
  const { app } = await servedPages(clock)
  const page = await connectPage(app)
  clock.advance(4_999)
  expect(page.messages).toEqual([])
  clock.advance(1)
  expect(await page.next()).toMatchObject(refused)
  await page.ended
})

test('a session ends after 12 hours, and its connections with it', async () => {
  const clock = fakeClock()
  const { app, signedIn } = await servedPages(clock)
  const page = await signedIn('app')
  clock.advance(12 * 3_600_000 - 1)
  expect(await page.call('status')).toMatchObject({ ok: true })
  clock.advance(1)
  await page.ended
  expect(await (await connectPage(app)).resume(page.session)).toMatchObject(refused)
})

test('while the machine sleeps, links and sessions grow old', async () => {
  const clock = fakeClock()
  const { app, nonce, signedIn } = await servedPages(clock)
  const [page, link] = [await signedIn('app'), nonce('app')]
  // Asleep, the monotonic clock stands still.
  clock.setWall(clock.now() + 12 * 3_600_000)
  expect(await (await connectPage(app)).signIn(link)).toMatchObject(refused)
  clock.advance(60_000)
  await page.ended
  expect(await (await connectPage(app)).resume(page.session)).toMatchObject(refused)
})

test('each page makes only the calls of its door', async () => {
  const { signedIn } = await servedPages()
  const tried = {
    app: [
      'approvals.list',
      'approvals.answer',
      'approvals.show',
      'presence.enroll',
      'resume',
      'tokens.create',
      'app.link',
    ],
    approval: ['shutdown', 'activity.calls', 'audit.verify', 'approvals.open', 'app.link', 'presence.challenge'],
  } as const
  for (const door of ['app', 'approval'] as const) {
    const page = await signedIn(door)
    for (const call of tried[door]) {
      expect([call, await page.call(call)]).toMatchObject([call, { ok: false, code: 'FORBIDDEN_AT_DOOR' }])
    }
    expect(await page.call('toString')).toMatchObject({ ok: false, code: 'UNKNOWN_CALL' })
  }
})

test('what is too long, or binary, ends a connection, and the session goes on', async () => {
  const { app, signedIn } = await servedPages()
  for (const line of [Buffer.alloc(16), 'x'.repeat(8 * 1024 * 1024 + 1)]) {
    const page = await signedIn('app')
    page.socket.send(line)
    await page.ended
    expect(await (await connectPage(app)).resume(page.session)).toMatchObject({ ok: true })
  }
})

test('a page that does not read is cut off, whatever is still to be told to it', async () => {
  const { gateway, signedIn, pages } = await servedPages()
  writeFileSync(
    join(gateway.paths.policy, 'long.yaml'),
    `version: v1\nrules: []\n${`# ${'x'.repeat(98)}\n`.repeat(9_000)}`,
  )
  const page = await signedIn('app')
  expect(JSON.stringify(await page.call('policy.files')).length).toBeGreaterThan(800_000)
  const reader = await signedIn('app')

  page.socket.pause()
  for (let id = 100; id < 160; id += 1) {
    page.send({ id, call: 'policy.files', input: {} })
    await reader.call('status')
  }
  await expect.poll(() => pages.connected()).toBe(1)
  expect(await reader.call('status')).toMatchObject({ ok: true })
})

test('connections have a number, and end with the pages', async () => {
  const { app, signedIn, pages } = await servedPages()
  const page = await signedIn('app')
  const others = await Promise.all(Array.from({ length: 31 }, () => connectPage(app)))
  await expect(connectPage(app)).rejects.toThrow('503')
  others[0]?.socket.close()
  await others[0]?.ended
  await expect.poll(() => pages.connected()).toBe(31)
  await pages.close()
  await Promise.all([page, ...others].map(({ ended }) => ended))
  await expect(connectPage(app)).rejects.toThrow('ECONNREFUSED')
  expect(() => pages.port.appLink()).toThrow('shows no pages')
})

test('nothing secret is logged', async () => {
  const { app, approval, nonce, signedIn, logged } = await servedPages()
  const secrets = [nonce('app'), nonce('approval')]
  for (const [port, secret] of [
    [approval, secrets[0]],
    [app, secrets[1]],
  ] as const) {
    const page = await connectPage(port)
    await page.signIn(secret ?? '')
    await page.ended
  }
  const page = await signedIn('app')
  await page.call('approvals.list')
  expect(logged.length).toBeGreaterThan(1)
  for (const secret of [...secrets, page.session]) expect(logged.join('\n')).not.toContain(secret)
})
