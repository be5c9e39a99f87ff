import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { StreamView } from '../../shared/audit-stream.ts'
import { proofFiles } from '../../src-main/core/audit/outside.ts'
import { canMakeCertificates, selfSigned } from '../fakes/certificate.ts'
import { startCollector } from '../fakes/collector.ts'
import { testFolder } from '../fakes/folder.ts'
import { liveGateway, pin } from '../fakes/live-gateway.ts'
import { person, program } from '../fakes/person.ts'

/** Streams of records as people make them: with commands, at a terminal, beside a gateway that runs as a process of its own. */
const until = <T>(check: () => T | Promise<T>) => vi.waitFor(check, { timeout: 20_000 })

test('a stream is added after what would go where was shown, with a secret that is typed; listed, and ended', async () => {
  const [gateway, collector] = [await liveGateway(), await startCollector()]
  const { toolgate, enroll } = gateway
  await enroll()
  const add = toolgate('audit', 'stream', 'add', 'siem', '--url', collector.url, '--header', 'Authorization')
  const declined = await person(add, [
    ['Value of Authorization (not shown):', 'Bearer let-me-in'],
    ['Send records there?', 'n'],
  ])
  expect(declined).toMatchObject({ code: 1, screen: expect.stringContaining('nothing is sent') })
  const added = await person(add, [
    ['Value of Authorization (not shown):', 'Bearer let-me-in'],
    ['Send records there?', 'y'],
    ['PIN:', pin],
  ])
  expect(added.code, added.screen).toBe(0)
  for (const words of ['Records would leave this machine', `at     ${collector.url}`, 'with   Authorization: …']) {
    expect(added.screen).toContain(words)
  }
  expect(added.screen).toMatch(/siem: sent up to record \d+ of \d+/)
  expect(collector.posts[0]?.headers.authorization).toBe('Bearer let-me-in')
  expect((await program(toolgate('status'))).screen).toMatch(/to siem: sent up to record \d+/)
  expect((await program(toolgate('doctor'))).screen).toMatch(/ok {3}stream siem: sent up to record/)

  collector.answers((_post, res) => void res.writeHead(401).end())
  const set = toolgate('audit', 'stream', 'set', 'siem', '--yes', '--url', collector.url, '--header', 'Authorization')
  const env = { TOOLGATE_HEADER_AUTHORIZATION: 'Bearer wrong-one' }
  const changed = await person(set, [['PIN:', pin]], { env })
  expect(changed.screen).toContain('the collector does not accept the secret header')
  const troubled = await program(toolgate('status'))
  expect(troubled).toMatchObject({
    code: 1,
    screen: expect.stringContaining('! records do not reach siem: the collector'),
  })
  expect((await program(toolgate('doctor'))).screen).toContain(
    'BAD  stream siem: the collector does not accept the secret header',
  )
  const listed = await program(toolgate('audit', 'stream', 'list'))
  expect(listed.screen).toContain(`at     ${collector.url} (this machine)`)
  const record = await program(toolgate('audit', 'tail', '-n', '500', '--json'))
  for (const { screen } of [added, changed, troubled, listed, record]) expect(screen).not.toMatch(/let-me-in|wrong-one/)

  const removed = await person(toolgate('audit', 'stream', 'remove', 'siem', '--yes'), [['PIN:', pin]])
  expect(removed.code, removed.screen).toBe(0)
  expect(JSON.parse((await program(toolgate('audit', 'stream', 'list', '--json'))).screen)).toEqual([])
})

test('without a person at a terminal nothing is added, nor removed', async () => {
  const [{ toolgate, enroll }, collector] = [await liveGateway(), await startCollector()]
  await enroll()
  const add = await program(toolgate('audit', 'stream', 'add', 'siem', '--yes', '--url', collector.url), { input: pin })
  expect(add.code).toBe(4)
  const remove = await program(toolgate('audit', 'stream', 'remove', 'siem', '--yes'), { input: pin })
  expect(remove.code).not.toBe(0)
  const value = await program(
    toolgate('audit', 'stream', 'add', 'siem', '--url', collector.url, '--header', 'X: secret'),
  )
  expect(value).toMatchObject({ code: 2, stderr: expect.stringContaining('give the name of the header alone') })
  expect(collector.posts).toEqual([])
})

test('a gateway that is killed between sending and knowing it sends again: what came has no gap, and verifies', async () => {
  const collector = await startCollector()
  const first = await liveGateway()
  await first.enroll()
  const add = first.toolgate('audit', 'stream', 'add', 'siem', '--yes', '--from-start', '--url', collector.url)
  expect((await person(add, [['PIN:', pin]])).code).toBe(0)
  const profile = first.profile
  let gateway = first
  for (let round = 0; round < 3; round += 1) {
    // Taken, and never answered.
    collector.answers(() => 'kept')
    const before = collector.posts.length
    await program(gateway.toolgate('stop', '--json'))
    await until(() => expect(collector.posts.length).toBe(before + 1))
    const gone = once(gateway.child, 'exit')
    gateway.child.kill('SIGKILL')
    await gone
    collector.answers()
    gateway = await liveGateway(profile)
    await until(() => expect(collector.posts.length).toBeGreaterThan(before + 1))
  }
  const view = async (): Promise<StreamView[]> =>
    JSON.parse((await program(gateway.toolgate('audit', 'stream', 'list', '--json'))).screen)
  const status = async () => JSON.parse((await program(gateway.toolgate('status', '--json'))).screen)
  await until(async () => expect((await view())[0]?.sent).toBe((await status()).audit.entries))
  const report = await collector.verify(proofFiles(gateway.paths).key)
  expect(report).toMatchObject({ ok: true, entries: (await status()).audit.entries })
  expect(collector.records().length).toBeGreaterThan(report.entries)
})

test.skipIf(!canMakeCertificates).each([
  ['nobody vouches for', false],
  ['this system trusts', true],
])('over https, a collector with a certificate that %s', async (_what, trusted) => {
  const { certFile, ...tls } = selfSigned('localhost', testFolder())
  const collector = await startCollector(tls)
  const before = { ...process.env }
  onTestFinished(() => {
    process.env = before
  })
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
  if (trusted) process.env.NODE_EXTRA_CA_CERTS = certFile
  const { toolgate, enroll } = await liveGateway()
  await enroll()
  const added = await person(toolgate('audit', 'stream', 'add', 'siem', '--yes', '--url', collector.url), [
    ['PIN:', pin],
  ])
  if (trusted) {
    expect(added.screen).toContain('sent up to record')
    expect(collector.posts.length).toBeGreaterThan(0)
  } else {
    expect(added.screen).toContain('its certificate cannot be trusted')
    expect(collector.posts).toEqual([])
  }
})

test('a forwarder on this machine reads the record as it is made, and ends with its reader', async () => {
  const { toolgate, enroll } = await liveGateway()
  const [node = '', ...words] = toolgate('audit', 'tail', '-n', '0', '--follow', '--json')
  const tail = spawn(node, words, { stdio: ['ignore', 'pipe', 'ignore'] })
  onTestFinished(() => void tail.kill('SIGKILL'))
  const lines: { seq: number; event?: string }[] = []
  createInterface({ input: tail.stdout }).on('line', (line) => lines.push(JSON.parse(line)))
  await enroll()
  await until(() => expect(lines.map(({ event }) => event)).toContain('presence.enrolled'))
  expect(lines.map(({ seq }) => seq)).toEqual(lines.map((_, index) => (lines[0]?.seq ?? 0) + index))
  tail.stdout.destroy()
  const gone = once(tail, 'exit')
  await program(toolgate('stop', '--json'))
  expect((await gone)[0]).toBe(0)
})
