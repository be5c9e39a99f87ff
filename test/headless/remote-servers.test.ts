import { expect, onTestFinished, test } from 'vitest'
import { canMakeCertificates, selfSigned } from '../fakes/certificate.ts'
import { testFolder } from '../fakes/folder.ts'
import { liveGateway, pin } from '../fakes/live-gateway.ts'
import { person, program } from '../fakes/person.ts'
import { scriptedServer, sdkServer } from '../fakes/remote-server.ts'

test('a server with a URL is registered, shown without the values of its headers, reviewed, approved and used', async () => {
  const { url } = await sdkServer('sdk-v1-http-server', 'guarded')
  const { toolgate, enroll, client } = await liveGateway()
  await enroll()
  const add = toolgate('servers', 'add', 'times', '--url', url, '--header', 'Authorization', '--header', 'X-Team: blue')
  const added = await person(add, [
    ['Value of Authorization (not shown):', 'Bearer let-me-in'],
    ['Register this server?', 'y'],
  ])
  expect(added.code, added.screen).toBe(0)
  for (const words of [`at     ${url}`, 'on     this machine', 'with   Authorization: …', 'with   X-Team: …']) {
    expect(added.screen).toContain(words)
  }
  const approved = await person(toolgate('servers', 'approve', 'times', '--yes'), [['PIN:', pin]])
  expect(approved.code, approved.screen).toBe(0)
  const listed = await program(toolgate('servers', 'list'))
  expect(listed.screen).toContain(`at     ${url}`)
  const json = await program(toolgate('servers', 'list', '--json'))
  expect(JSON.parse(json.screen)[0]).toMatchObject({
    ...{ name: 'times', state: 'approved', generation: 'legacy' },
    launch: { transport: 'http', url, reach: 'loopback', header_names: ['Authorization', 'X-Team'] },
  })
  const record = await program(toolgate('audit', 'tail', '--json'))
  for (const text of [added.screen, approved.screen, listed.screen, json.screen, record.screen]) {
    expect(text).not.toMatch(/let-me-in|blue/)
  }
  expect((await program(toolgate('doctor'))).screen).toContain('server times: approved, reached over HTTP')
  expect(await (await client('times')).call('read_time', { text: 'noon' })).toMatchObject({ outcome: 'ok' })
})

test('a server that refuses the header it was given says so, and what to do, when it is reviewed', async () => {
  const { url } = await sdkServer('sdk-v1-http-server', 'guarded')
  const { toolgate, enroll } = await liveGateway()
  await enroll()
  const env = { TOOLGATE_HEADER_AUTHORIZATION: 'Bearer wrong' }
  const add = toolgate('servers', 'add', 'times', '--yes', '--url', url, '--header', 'Authorization')
  expect((await program(add, { env })).code).toBe(0)
  const refused = await person(toolgate('servers', 'review', 'times'), [['PIN:', pin]])
  expect(refused.screen).toContain('the server refuses the `Authorization` header')
  expect(refused.screen).toContain('register it with another value')
  expect(refused.screen).not.toContain('wrong')
})

test('an approved server is not given another header under the same name', async () => {
  const { url } = await scriptedServer()
  const { toolgate, enroll } = await liveGateway()
  await enroll()
  const add = (value: string) =>
    program(toolgate('servers', 'add', 'script', '--yes', '--url', url, '--header', `X-Key: ${value}`))
  expect((await add('one')).code).toBe(0)
  expect((await person(toolgate('servers', 'approve', 'script', '--yes'), [['PIN:', pin]])).code).toBe(0)
  const again = await add('two')
  expect([again.code, again.stderr]).toEqual([expect.any(Number), expect.stringContaining('is approved')])
  expect(again.code).not.toBe(0)
})

test.each([
  [['--url', 'http://10.0.0.8/mcp'], 'without encryption'],
  [['--url', 'https://169.254.169.254/'], 'no server is looked for'],
  [['--url', 'https://me:pass@127.0.0.1/'], 'a name or a password'],
  [['--url', 'https://127.0.0.1/', '--header', 'Host: x'], 'not one that can be given'],
  [['--url', 'https://127.0.0.1/', '--header', 'X-Key'], 'TOOLGATE_HEADER_X_KEY'],
  [['--url', 'https://127.0.0.1/', '--header', 'X Key: a'], 'is no header'],
  [['--url', 'https://127.0.0.1/', '--env', 'A=b'], 'runs elsewhere'],
  [['--header', 'X-Key: a', '--', 'node'], '--header goes with --url'],
  [[], 'neither a command nor a URL'],
])('%j is turned down, with what is wrong', async (words, why) => {
  const { toolgate } = await liveGateway()
  const { code, stderr } = await program([...toolgate('servers', 'add', 'x', '--yes'), ...words])
  expect(code).not.toBe(0)
  expect(stderr).toContain(why)
})

test.skipIf(!canMakeCertificates).each([
  ['nobody vouches for', false],
  ['this system trusts', true],
])('over https, a server with a certificate that %s', async (_what, trusted) => {
  const { certFile, ...tls } = selfSigned('localhost', testFolder())
  const { url, got } = await scriptedServer(() => false, tls)
  const before = { ...process.env }
  onTestFinished(() => {
    process.env = before
  })
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
  if (trusted) process.env.NODE_EXTRA_CA_CERTS = certFile
  const { toolgate, enroll, client } = await liveGateway()
  await enroll()
  expect((await program(toolgate('servers', 'add', 'safe', '--yes', '--url', url))).code).toBe(0)
  const approved = await person(toolgate('servers', 'approve', 'safe', '--yes'), [['PIN:', pin]])
  if (trusted) {
    expect(approved.code, approved.screen).toBe(0)
    expect((await (await client('safe')).call('read_script')).outcome).toBe('ok')
  } else {
    expect(approved.screen).toContain('its certificate cannot be trusted')
    expect(got).toEqual([])
  }
})
