import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { testFolder } from '../fakes/folder.ts'
import { person, simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import { processesWith, until } from '../fakes/processes.ts'
import type { RawClient } from '../fakes/raw-client.ts'
import { reach, sandboxed, surroundings } from '../fakes/sandbox.ts'

let gateway: TestGateway
let around: Awaited<ReturnType<typeof surroundings>>
let client: RawClient

const rule = (id: string, tool: string, constraints: string) =>
  `  - { id: ${id}, match: { labels: { mcp.server: reaching, mcp.tool: ${tool} } }, decision: ALLOW_WITH_CONSTRAINTS, constraints: { ${constraints} } }\n`
const network = (hosts: string) => rule('net', 'reach_read', `network_allowlist: [${hosts}]`)

async function begin(policy: string, path?: string) {
  gateway = await startGateway({ policy: simplePolicy(policy), ...(path === undefined ? {} : { path }) })
  around = await surroundings(gateway.folder)
  await gateway.addServer('reaching', 'reaching-server', { REACHING_LOG: join(gateway.folder, 'reached') })
  client = gateway.connect('reaching')
  await client.initialize()
}
afterEach(async () => {
  around.close()
  await gateway.close()
})

const reached = () => {
  try {
    return readFileSync(join(gateway.folder, 'reached'), 'utf8').trim().split('\n')
  } catch {
    return []
  }
}
const bounded = (...words: string[]) => reach(client, 'reach_read', ...words)
const processes = async () => (await gateway.core.handlers['servers.runs']({}, person))[0]?.processes ?? []

describe.runIf(sandboxed)('a server whose network is bounded', () => {
  test('reaches nothing but what the rules name, in whatever way it tries', async () => {
    await begin(network('localhost, 127.0.0.1'))
    expect(await bounded('http', `http://127.0.0.1:${around.web}/a?b=1`)).toBe('200 hello')
    expect(await bounded('http', `http://localhost:${around.web}/named`)).toBe('200 hello')
    expect(around.seen.splice(0)).toEqual([`web 127.0.0.1:${around.web} /a?b=1`, `web localhost:${around.web} /named`])
    expect(await bounded('http', 'http://example.com/')).toMatch(/^403 .*example\.com: it is not among the hosts/)
    expect(await bounded('fetch', `http://127.0.0.1:${around.web}/tunnel`)).toBe('200 hello')
    expect(around.seen.splice(0)).toEqual([`web 127.0.0.1:${around.web} /tunnel`])
    expect(await bounded('fetch', 'https://example.com/')).toMatch(/^error: /)
    expect(await bounded('fetch', `http://127.0.0.2:${around.web}/`)).toMatch(/^error: /)
    expect(await bounded('http', 'http://169.254.169.254/latest/meta-data')).toMatch(/^403 /)
    expect(await bounded('tcp', '127.0.0.1', around.tcp)).toBe('error: ECONNREFUSED')
    expect(await bounded('tcp', '1.1.1.1', '443')).toBe('error: ENETUNREACH')
    expect(await bounded('udp', '127.0.0.1', around.udp)).toMatch(/^error: /)
    expect(await bounded('dns', 'example.com')).toMatch(/^error: /)
    expect(await bounded('unix', around.unix)).toBe('error: EPERM')
    expect(await bounded('unix', '\0toolgate-test-abstract')).toBe('error: EPERM')
    expect(await bounded('datagram', around.unix)).toMatch(/^error: /)
    expect(around.seen).toEqual([])
  })

  test('its children are held to the same', async () => {
    await begin(network('127.0.0.1'))
    const script = (host: string, port: string) => [
      'child',
      'bash',
      '-c',
      `exec 3<>/dev/tcp/${host}/${port} && echo out`,
    ]
    expect(await bounded(...script('127.0.0.1', around.tcp))).toMatch(/^error: /)
    expect(await bounded('child', 'sh', '-c', 'echo $HTTP_PROXY')).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(
      await bounded('child', 'sh', '-c', 'setsid -f sleep 300 > /dev/null 2>&1; ls /proc | grep -c ^[0-9]'),
    ).toMatch(/^[1-9]$/)
    expect(around.seen).toEqual([])
  })

  test('nothing of it is left behind, and it is given nothing but its three streams', async () => {
    await begin(network('127.0.0.1'))
    const open = (await bounded('child', 'sh', '-c', 'ls -l /proc/self/fd | grep -c socket:')).trim()
    // Of its three, one is the pipe to what counts.
    expect(Number(open)).toBe(2)
    const seconds = `300.${process.pid}`
    const left = () => processesWith(seconds).length > 0
    expect(await bounded('child', 'sh', '-c', `setsid -f sleep ${seconds} > /dev/null 2>&1`)).toBe('')
    expect(left()).toBe(true)
    await client.close()
    await until('its processes are gone, whatever group they are in', () => !left())
  })

  test('a name that leads to this machine is no name of the internet', async () => {
    await begin(network('localhost'))
    expect(await bounded('http', `http://localhost:${around.web}/`)).toMatch(/^403 .*leads to this machine/)
    expect(around.seen).toEqual([])
  })

  test('sees nothing of Toolgate, and cannot put another thing in its place', async () => {
    await begin(network('127.0.0.1'))
    expect(await bounded('read', join(gateway.paths.policy, 'rules.yaml'))).toBe('error: ENOENT')
    expect(await bounded('list', gateway.profile)).toBe('')
    expect(await bounded('write', join(gateway.profile, 'x'), 'y')).toBe('error: EROFS')
    expect(await bounded('unix', gateway.paths.socket)).toMatch(/^error: /)
    expect(await bounded('move', gateway.profile, `${gateway.profile}-2`)).toBe('error: EBUSY')
    expect(await bounded('move', gateway.folder, `${gateway.folder}-2`)).toBe('error: EBUSY')
    expect(await bounded('write', join(gateway.folder, 'free'), 'written')).toBe('written')
    expect(readFileSync(join(gateway.folder, 'free'), 'utf8')).toBe('written')
  })

  test('a call that nothing bounds has the whole network, until one that is bounded comes', async () => {
    await begin(network('api.example.com'))
    const free = (...words: string[]) => reach(client, 'free_read', ...words)
    expect(await free('http', `http://127.0.0.2:${around.web}/`)).toMatch(/^502 /)
    expect(await free('stay', `http://127.0.0.1:${around.tcp}`)).toBe('200')
    // Nothing is open any more: what it reaches is what every rule allows.
    await until('the connection is cut', async () => (await free('stayed')) === 'closed')
    const cue = join(gateway.folder, 'cue')
    const slow = free('slow', `http://127.0.0.2:${around.tcp}/`, cue)
    await until('it runs', () => reached().filter((line) => line === 'free_read').length >= 3)
    const both = bounded('slow', 'http://127.0.0.2/', cue)
    await until('both run', () => reached().includes('reach_read'))
    writeFileSync(cue, '')
    expect(await slow).toMatch(/^403 /)
    expect(await both).toMatch(/^403 /)
  })

  test('people see what a process is held to, and the record says so', async () => {
    await begin(network('api.github.com'))
    await bounded('env', 'NO_PROXY')
    expect(await processes()).toMatchObject([{ sandbox: 'network: only api.github.com' }])
    const starts = gateway.entries().filter((entry) => entry.kind === 'event' && entry.event === 'server.sandboxed')
    expect(starts.at(-1)).toMatchObject({ detail: { server: 'reaching', sandbox: 'network: only api.github.com' } })
    expect(await bounded('env', 'NO_PROXY')).toBe('localhost,127.0.0.1,::1')
    expect(await bounded('env', 'TOOLGATE_GOVERNED')).not.toBe('')
  })

  test('a process that was started under looser rules takes no bounded call, and is replaced', async () => {
    await begin(rule('net', 'reach_read', 'max_runtime_sec: 60'))
    expect(await bounded('tcp', '127.0.0.1', around.tcp)).toMatch(/hello|connected/)
    expect(await processes()).toMatchObject([{ sandbox: null }])
    around.seen.splice(0)
    const slow = reach(client, 'free_read', 'slow', 'http://127.0.0.1/', join(gateway.folder, 'cue'))
    await until('it runs', () => reached().includes('free_read'))
    const tighter = rule('net', 'reach_read', 'max_runtime_sec: 60, network_allowlist: [api.example.com]')
    writeFileSync(join(gateway.paths.policy, 'rules.yaml'), simplePolicy(tighter))
    await until('the new rules hold', async () => (await bounded('stayed')) === 'CONSTRAINT_UNENFORCEABLE')
    const passed = reached().length
    expect(await bounded('tcp', '127.0.0.1', around.tcp)).toBe('CONSTRAINT_UNENFORCEABLE')
    expect(reached().length).toBe(passed)
    writeFileSync(join(gateway.folder, 'cue'), '')
    await slow
    await until(
      'another process',
      async () => (await bounded('tcp', '127.0.0.1', around.tcp)) === 'error: ECONNREFUSED',
    )
    expect(around.seen).toEqual([])
  })
})

describe.runIf(sandboxed)('a server whose files are bounded', () => {
  const files = (read: string | null, write: string | null) =>
    rule(
      'files',
      'reach_read',
      [read && `read_paths: [${read}]`, write && `write_paths: [${write}]`].filter(Boolean).join(', '),
    )

  async function beginFiles(bounds: (folder: string) => string) {
    const folder = testFolder()
    gateway = await startGateway({ policy: simplePolicy(bounds(folder)), profile: join(folder, 'profile') })
    for (const name of ['in', 'in/deep', 'out', 'other']) mkdirSync(join(folder, name))
    for (const name of ['in/a', 'in/deep/b', 'out/c', 'other/d']) writeFileSync(join(folder, name), name)
    around = await surroundings(folder)
    await gateway.addServer('reaching', 'reaching-server')
    client = gateway.connect('reaching')
    await client.initialize()
  }
  const at = (name: string) => join(gateway.folder, name)

  test('writes only where it may, and reads everything', async () => {
    await beginFiles((folder) => files(null, `${folder}/out`))
    expect(await bounded('write', at('out/new'), 'x')).toBe('written')
    expect(readFileSync(at('out/new'), 'utf8')).toBe('x')
    expect(await bounded('write', at('other/new'), 'x')).toBe('error: EROFS')
    expect(await bounded('write', '/tmp/toolgate-escaped', 'x')).toBe('error: EROFS')
    expect(await bounded('read', at('other/d'))).toBe('other/d')
    expect(await bounded('read', join(gateway.paths.policy, 'rules.yaml'))).toBe('error: ENOENT')
    expect(await bounded('child', 'sh', '-c', 'echo x > $TMPDIR/mine && cat $TMPDIR/mine')).toBe('x')
    // Its network is bounded by no rule.
    expect(await bounded('tcp', '127.0.0.1', around.tcp)).toMatch(/hello|connected/)
    expect(await bounded('unix', around.unix)).toBe('error: EPERM')
  })

  test('reads only where it may, and writes only in what of that it may', async () => {
    await beginFiles((folder) => files(`${folder}/in`, `${folder}/in/deep, ${folder}/out`))
    expect(await bounded('read', at('in/a'))).toBe('in/a')
    expect(await bounded('write', at('in/a'), 'x')).toBe('error: EROFS')
    expect(await bounded('write', at('in/deep/b'), 'x')).toBe('written')
    expect(readFileSync(at('in/deep/b'), 'utf8')).toBe('x')
    expect(await bounded('read', at('other/d'))).toBe('error: ENOENT')
    expect(await bounded('write', at('out/c'), 'x')).toBe('error: ENOENT')
    expect(await bounded('read', '/etc/shadow')).toBe('error: ENOENT')
    expect(await bounded('list', '/root')).toBe('')
    expect(
      await bounded('child', 'sh', '-c', 'ls /proc/1/root/home 2>&1; cat /proc/self/mounts | wc -l'),
    ).not.toContain('other')
    expect(await processes()).toMatchObject([{ sandbox: expect.stringMatching(/^reads only .*\/in; writes only /) }])
  })

  test('may be bounded to nothing at all, and then still runs', async () => {
    await beginFiles(() => rule('files', 'reach_read', 'network_allowlist: [], read_paths: [], write_paths: []'))
    expect(await bounded('read', at('in/a'))).toBe('error: ENOENT')
    expect(await bounded('list', '/home')).toBe('error: ENOENT')
    expect(await bounded('write', '/tmp/mine', 'x')).toBe('written')
    expect(await bounded('http', `http://127.0.0.1:${around.web}/`)).toMatch(/^error|^403/)
    expect(await processes()).toMatchObject([{ sandbox: 'no network; reads no files; writes no files' }])
  })
})

test('without a sandbox the call is refused, says why, and never reaches the server', async () => {
  await begin(network('api.example.com'), '/nowhere')
  const { outcome, text } = await client.call('reach_read', { task: '' })
  expect(outcome).toBe('CONSTRAINT_UNENFORCEABLE')
  expect(text).toContain(process.platform === 'linux' ? 'apt install bubblewrap' : 'sandbox')
  expect(reached()).toEqual([])
  expect(await reach(client, 'free_read', 'tcp', '127.0.0.1', around.tcp)).toMatch(/hello|connected/)
})
