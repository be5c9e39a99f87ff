import {
  chmodSync,
  chownSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { HostRecord } from '../../shared/link.ts'
import { writeHostRecord } from '../../src-main/host/host-record.ts'
import { forgetAllocator, gatewayEnvironment } from '../../src-main/shim/gateway-environment.ts'
import { testFolder } from '../fakes/folder.ts'
import { runs, until } from '../fakes/processes.ts'
import { echoGateway, gatewaysOf, makeProfile, runGateway, startShim } from '../fakes/shim.ts'

const path = process.env.PATH ?? ''
const request = '{"jsonrpc":"2.0","id":1,"method":"ping"}\n'

/** A profile on which the echo gateway ran last. */
function recorded(change: Partial<HostRecord> = {}): string {
  const profile = makeProfile()
  writeHostRecord(profile, { command: process.execPath, args: [echoGateway, profile], cwd: '/', path, ...change })
  return profile
}

const recordOf = (profile: string): string => join(profile, 'run', 'host.json')

test('the record is written whole, for this user alone, and only with absolute paths', () => {
  const profile = recorded()
  expect(statSync(recordOf(profile)).mode & 0o777).toBe(0o600)
  const relative = { command: 'node', args: [], cwd: '/', path }
  expect(() => writeHostRecord(profile, relative)).toThrow('`node` is not an absolute path')
  writeHostRecord(profile, { command: '/bin/true', args: [], cwd: '/', path })
  expect(JSON.parse(readFileSync(recordOf(profile), 'utf8')).command).toBe('/bin/true')
  expect(readdirSync(join(profile, 'run'))).toEqual(['host.json'])
})

test('starts the gateway that ran last, which stays when the client goes', async () => {
  const profile = recorded()
  const first = await startShim(profile).finish(request)
  expect({ ...first, output: String(first.output) }).toEqual({ code: 0, signal: null, output: request, stderr: '' })
  expect(gatewaysOf(profile).filter(runs)).toHaveLength(1)

  expect(String((await startShim(profile).finish(request)).output)).toBe(request)
  expect(gatewaysOf(profile)).toHaveLength(1)
  expect(readdirSync(join(profile, 'run')).filter((name) => !/lock$/.test(name))).toEqual(['gateway.sock', 'host.json'])
})

test('starts it again after it was killed', async () => {
  const profile = recorded()
  const killed = await runGateway(profile)
  killed.kill('SIGKILL')
  expect(String((await startShim(profile).finish(request)).output)).toBe(request)
  expect(gatewaysOf(profile).filter(runs)).toHaveLength(1)
})

test('several shims at once end with one gateway', async () => {
  const profile = recorded()
  const all = await Promise.all(Array.from({ length: 6 }, () => startShim(profile).finish(request)))
  expect(all.map(({ output }) => String(output))).toEqual(all.map(() => request))
  expect(gatewaysOf(profile).filter(runs)).toHaveLength(1)
})

test('a shim that was killed while it started a gateway does not stand in the way', async () => {
  const profile = recorded()
  const turn = join(profile, 'run', 'starting')
  writeFileSync(turn, '4194304')
  expect(String((await startShim(profile).finish(request)).output)).toBe(request)

  const stuck = recorded()
  writeFileSync(join(stuck, 'run', 'starting'), String(process.pid))
  utimesSync(join(stuck, 'run', 'starting'), 0, 0)
  expect(String((await startShim(stuck).finish(request)).output)).toBe(request)
})

test('the gateway gets a clean environment, whatever a project sets', async () => {
  const evil = {
    NODE_OPTIONS: '--no-warnings',
    NODE_PATH: '/evil',
    LD_LIBRARY_PATH: '/evil',
    TOOLGATE_PROFILE: '/evil',
    TOOLGATE_ANY: 'x',
    HOME: '/evil',
    USER: 'evil',
    XDG_RUNTIME_DIR: '/tmp',
    DISPLAY: 'evil.example:0',
    DBUS_SESSION_BUS_ADDRESS: 'unix:path=/tmp/evil',
    LANG: 'de_DE.UTF-8',
    LC_TIME: 'C',
    API_TOKEN: 'secret',
    MALLOC_ARENA_MAX: '99',
    PATH: `/evil:${path}`,
  }
  const profile = recorded()
  await startShim(profile, { env: evil }).finish(request)
  const { env, cwd } = JSON.parse(readFileSync(join(profile, 'environment'), 'utf8'))
  const { homedir, username } = userInfo()
  expect(cwd).toBe('/')
  expect(env).toEqual({
    ...{ HOME: homedir, USER: username, LOGNAME: username, PATH: path },
    ...{ LANG: 'de_DE.UTF-8', LC_TIME: 'C' },
    MALLOC_ARENA_MAX: '1',
  })
})

test('what the gateway starts does not get what its C library was told, unless a person had said so', () => {
  const own = gatewayEnvironment('/bin', {})
  forgetAllocator(own)
  expect(Object.keys(own).filter((name) => name.startsWith('MALLOC_'))).toEqual([])
  const env = { MALLOC_ARENA_MAX: '4' }
  forgetAllocator(env)
  expect(env).toEqual({ MALLOC_ARENA_MAX: '4' })
})

test.each([
  ['DISPLAY', ':0', true],
  ['DISPLAY', 'host:0', false],
  ['WAYLAND_DISPLAY', 'wayland-1', true],
  ['WAYLAND_DISPLAY', '/tmp/evil', false],
  ['XAUTHORITY', '<file>', true],
  ['XAUTHORITY', '/etc/passwd', false],
  ['XAUTHORITY', '<own>', false],
  ['XDG_SESSION_TYPE', 'wayland', true],
  ['XDG_SESSION_TYPE', 'x11; evil', false],
  ['XDG_CURRENT_DESKTOP', 'ubuntu:GNOME', true],
  ['XDG_CURRENT_DESKTOP', '/evil', false],
  ['DBUS_SESSION_BUS_ADDRESS', `unix:path=/run/user/${process.getuid?.()}/bus`, true],
  ['DBUS_SESSION_BUS_ADDRESS', 'tcp:host=evil.example', false],
  ['TMPDIR', '<own>', true],
  ['TMPDIR', '/tmp', false],
  ['TMPDIR', 'relative', false],
  ['TZ', 'Europe/Berlin', true],
  ['TZ', '/etc/passwd', false],
  ['LC_ALL', 'de_DE.UTF-8@euro', true],
  ['LANG', '../../evil', false],
  ['LD_PRELOAD', '/evil.so', false],
  ['constructor', 'x', false],
])('of the environment, %s=%s is passed on: %s', (name, value, passed) => {
  const cookie = join(testFolder(), 'cookie')
  writeFileSync(cookie, '', { mode: 0o600 })
  const given = value.replace('<own>', testFolder()).replace('<file>', cookie)
  const { [name]: got } = gatewayEnvironment('/bin', { [name]: given })
  expect(Object.hasOwn(gatewayEnvironment('/bin', { [name]: given }), name) ? got : undefined).toBe(
    passed ? given : undefined,
  )
})

async function refusal(profile: string): Promise<string> {
  const { output } = await startShim(profile).finish(request)
  const { error } = JSON.parse(String(output))
  expect(error.data.code).toBe('GATEWAY_UNREACHABLE')
  expect(gatewaysOf(profile)).toEqual([])
  return error.message
}

test.each<[string, (file: string) => void, string]>([
  ['others could have written', (file) => chmodSync(file, 0o620), 'other users can get at'],
  ['is somebody else’s', (file) => chownSync(file, 12_345, 12_345), 'belongs to another user'],
  ['is no JSON', (file) => writeFileSync(file, '{'), 'is damaged'],
  ['is null', (file) => writeFileSync(file, 'null'), 'is damaged'],
  ['names a relative command', (file) => edit(file, { command: 'node' }), 'is damaged'],
  ['names a relative folder', (file) => edit(file, { cwd: '.' }), 'is damaged'],
  ['has other arguments than texts', (file) => edit(file, { args: [1] }), 'is damaged'],
])('does not run a record that %s', async (_what, spoil, message) => {
  const profile = recorded()
  spoil(recordOf(profile))
  expect(await refusal(profile)).toContain(message)
})

function edit(file: string, change: object): void {
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), ...change }))
}

test.each([
  ['ends at once', { args: ['-e', 'process.exit(1)'] }],
  ['cannot be run', { command: '/no/such/node' }],
])('says so when the gateway %s', async (_what, change) => {
  const profile = recorded(change)
  expect(await refusal(profile)).toContain('was started and ended at once')
  expect(existsSync(join(profile, 'run', 'starting'))).toBe(false)
})

test('a client that goes away without a word while the gateway starts is not waited for', async () => {
  const profile = makeProfile()
  const record = { command: '/bin/sh', args: ['-c', 'echo $$ >> starts && exec sleep 600'], cwd: profile, path }
  writeHostRecord(profile, record)
  const shim = startShim(profile)
  await until('the gateway is being started', () => gatewaysOf(profile).length > 0)
  expect(await shim.finish()).toMatchObject({ code: 0, output: Buffer.alloc(0) })
})
