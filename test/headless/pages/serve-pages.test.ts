import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { testFolder } from '../../fakes/folder.ts'
import { end, pin } from '../../fakes/live-gateway.ts'
import { ask, connectPage, packageWithPages, partsOf } from '../../fakes/pages.ts'
import { person, program } from '../../fakes/person.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** `toolgate serve` of a package with pages, as a process of its own. */
async function serving(words: string[], profile: string, options: string[], env: NodeJS.ProcessEnv = {}) {
  const [command = '', ...args] = [...words, 'serve', '--json', '--profile', profile, ...options]
  const child: ChildProcess = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, DISPLAY: '', WAYLAND_DISPLAY: '', ...env },
  })
  onTestFinished(async () => void (await end(child)))
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })
  for await (const line of lines) return { child, ready: JSON.parse(line), said: () => said }
  throw new Error(`it ended: ${said}`)
}

const portsOf = (profile: string) => JSON.parse(readFileSync(join(profile, 'ports.json'), 'utf8'))

/** Everything that the gateway has written into its log folder. */
function logsOf(profile: string): string {
  const folder = join(profile, 'logs')
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('')
}

test('a gateway serves its pages, verifies its record from them, and takes the same ports again', async () => {
  const words = packageWithPages(root)
  const profile = join(testFolder(), 'profile')
  const first = await serving(words, profile, ['--link'])
  const { port, nonce } = partsOf(first.ready.app)
  const ports = portsOf(profile)
  expect(ports).toEqual({ mcp: expect.any(Number), app: port, approval: expect.any(Number) })
  expect(statSync(join(profile, 'ports.json')).mode & 0o777).toBe(0o600)
  expect((await ask(port, '/')).body).toContain('<title>app</title>')
  expect((await ask(ports.approval, '/')).body).toContain('<title>approval</title>')

  const page = await connectPage(port)
  const { session } = await page.signIn(nonce)
  expect(await page.call('audit.verify')).toMatchObject({
    ok: true,
    value: { ok: true, first_bad: null, problems: [] },
  })
  const { url } = (await page.call('approvals.open', { at: '/' })).value as { url: string }
  expect(partsOf(url)).toMatchObject({ port: ports.approval, at: '/' })
  const approval = await connectPage(ports.approval)
  const { session: other } = await approval.signIn(partsOf(url).nonce)
  await (await connectPage(port)).signIn(nonce)

  expect(await end(first.child)).toBe(0)
  await Promise.all([page.ended, approval.ended])
  const second = await serving(words, profile, [])
  expect(second.ready).not.toHaveProperty('app')
  expect(portsOf(profile)).toEqual(ports)
  const late = await connectPage(port)
  expect(await late.resume(String(session))).toMatchObject({ ok: false, code: 'NOT_SIGNED_IN' })

  const logs = logsOf(profile)
  expect(logs).toContain('the pages are served')
  expect(logs).toContain('came twice')
  for (const secret of [nonce, session, other, partsOf(url).nonce]) expect(logs).not.toContain(secret)
  for (const text of [first.said(), second.said()]) expect(text).not.toContain('sign-in=')
})

test('a port that something else has taken is replaced, and the new one remembered; the other stays', async () => {
  const words = packageWithPages(root)
  const profile = join(testFolder(), 'profile')
  await end((await serving(words, profile, [])).child)
  const before = portsOf(profile)
  const squatter = createServer().listen(before.app, '127.0.0.1')
  onTestFinished(() => void squatter.close())
  const { child, ready } = await serving(words, profile, ['--link'])
  const after = portsOf(profile)
  expect(after).toEqual({ mcp: before.mcp, app: partsOf(ready.app).port, approval: before.approval })
  expect(after.app).not.toBe(before.app)
  await end(child)

  for (const text of ['nonsense', '{"app":"x"}', '{"app":80,"elsewhere":1}']) {
    writeFileSync(join(profile, 'ports.json'), text)
    const again = await serving(words, profile, ['--link'])
    expect((await ask(partsOf(again.ready.app).port, '/')).status).toBe(200)
    await end(again.child)
  }
})

test('without built pages the gateway runs, and says how to build them', async () => {
  const words = packageWithPages(root)
  rmSync(join(words[1] ?? '', '../../../out'), { recursive: true })
  const profile = join(testFolder(), 'profile')
  const told = await person([...words, 'serve', '--no-open', '--profile', profile], [['is running', '\u0003']], {
    enter: '',
  })
  expect(told.code).toBe(0)
  expect(told.screen).toContain('! the app is not built, so there are no pages: run `npm run build`')
  expect(told.screen).not.toMatch(/sign-in|toolgate open/)
  const { ready } = await serving(words, profile, ['--link'])
  expect(ready).toMatchObject({ ready: true, app: null })
})

test('a person at a terminal is told the link first; nobody else is, unless asked for', async () => {
  const words = packageWithPages(root)
  const profile = join(testFolder(), 'profile')
  const serve = [...words, 'serve', '--profile', profile]
  const told = await person([...serve, '--no-open'], [['is running', '\u0003']], { enter: '' })
  expect(told.screen).toMatch(
    /Open the app\. This link works once[^\n]*\n\s*\n\s*http:\/\/127\.0\.0\.1:\d+\/#sign-in=[\w-]{43}/,
  )
  expect(told.screen.indexOf('Open the app')).toBeLessThan(told.screen.indexOf('presence enroll'))
  const silent = await person([...serve, '--json'], [['"ready":true', '\u0003']], { enter: '' })
  expect(silent.screen).not.toContain('sign-in')
  for (const option of ['--link', '--open']) {
    expect(await program([...serve, '--auto', option])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no link'),
    })
  }
})

test('what a governed server starts is given no link', async () => {
  const words = packageWithPages(root)
  const profile = join(testFolder(), 'profile')
  const { ready, said } = await serving(words, profile, ['--link'], { TOOLGATE_GOVERNED: 'some-server' })
  expect(ready).toMatchObject({ ready: true, app: null })
  await expect.poll(said).toContain('something that Toolgate governs started this gateway')
})

test('`toolgate open` gives a person with the PIN a link that works, and nobody else any', async () => {
  const words = packageWithPages(root)
  const profile = join(testFolder(), 'profile')
  await serving(words, profile, [])
  const open = [...words, 'open', '--print', '--profile', profile]
  expect(await program([...open, '--json'])).toMatchObject({ code: 4, screen: expect.stringContaining('NOT_ENROLLED') })
  await person(
    [...words, 'presence', 'enroll', '--profile', profile],
    [
      ['new PIN', pin],
      ['same again', pin],
    ],
  )
  expect(await program([...open, '--json'])).toMatchObject({ code: 4, screen: expect.stringContaining('NO_TERMINAL') })
  const wrong = await person(open, [
    ['PIN:', '000111'],
    ['PIN:', '000111'],
    ['PIN:', '000111'],
  ])
  expect(wrong).toMatchObject({ code: 4, screen: expect.not.stringContaining('sign-in') })

  const { screen, code } = await person(open, [['PIN:', pin]])
  expect(code).toBe(0)
  const { port, nonce } = partsOf(/http:\S+#\S+/.exec(screen)?.[0] ?? '')
  expect(await (await connectPage(port)).signIn(nonce)).toMatchObject({ ok: true })
  expect((await program([...words, 'audit', 'tail', '--profile', profile])).screen).toContain('app.link_made')
})
