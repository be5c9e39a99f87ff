import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { claimProfile, listen } from '../../../src-main/core/gateway/link.ts'
import { ProfileBusy } from '../../../src-main/core/gateway/link-lock.ts'
import { processStart } from '../../../src-main/core/gateway/process-start.ts'
import { fakeClock } from '../../fakes/clock.ts'
import { testFolder } from '../../fakes/folder.ts'

const gateway = join(import.meta.dirname, '../../fakes/echo-gateway.ts')

async function take(run: string, socket = join(run, 'gateway.sock')) {
  const quiet = { info: () => {}, warn: () => {}, error: () => {} }
  const listener = await listen({
    paths: { run, socket },
    secretOf: () => null,
    onShim: () => {},
    onControl: () => {},
    log: quiet,
    clock: fakeClock(),
  })
  onTestFinished(() => listener.close())
  return listener
}

function startGateway(profile: string): ChildProcess {
  const child = spawn(process.execPath, [gateway, profile], { stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** `up`, or what the process said when it ended instead. */
async function outcome(child: ChildProcess): Promise<string> {
  let said = ''
  child.stderr?.on('data', (chunk) => {
    said += chunk
  })
  const up = once(child.stdout ?? child, 'data').then(() => 'up')
  return Promise.race([up, once(child, 'close').then(() => said)])
}

test('the socket and its folder are for this user alone', async () => {
  const run = join(testFolder(), 'run')
  const before = process.umask(0)
  onTestFinished(() => void process.umask(before))
  await take(run)
  const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8)
  expect([mode(run), mode(join(run, 'gateway.sock'))]).toEqual(['700', '600'])
})

test('when it ends nothing is left, and the profile is free', async () => {
  const run = join(testFolder(), 'run')
  const first = await take(run)
  expect(readdirSync(run)).toHaveLength(2)
  await first.close()
  expect(readdirSync(run)).toEqual([])
  await take(run)
})

test('a second gateway is refused, in the same process and in another', async () => {
  const profile = testFolder()
  await take(join(profile, 'run'))
  await expect(take(join(profile, 'run'))).rejects.toThrow(ProfileBusy)
  expect(await outcome(startGateway(profile))).toContain(`another gateway (process ${process.pid}) already serves`)
  expect(readdirSync(join(profile, 'run'))).toHaveLength(2)
})

test('what a killed gateway left is taken over', async () => {
  const profile = testFolder()
  const run = join(profile, 'run')
  const killed = startGateway(profile)
  expect(await outcome(killed)).toBe('up')
  killed.kill('SIGKILL')
  await once(killed, 'close')
  expect(readdirSync(run)).toHaveLength(2)

  await take(run)
  expect(readdirSync(run).toSorted()).toEqual([
    `gateway-${process.pid}-${processStart(process.pid)}.lock`,
    'gateway.sock',
  ])
})

test('a lock whose process id was given to somebody else does not count', async () => {
  const run = join(testFolder(), 'run')
  mkdirSync(run, { mode: 0o700 })
  writeFileSync(join(run, `gateway-${process.ppid}-${'0'.repeat(16)}.lock`), '')
  await take(run)
})

test('of many that start at once exactly one has the profile', async () => {
  const profile = testFolder()
  const outcomes = await Promise.all(Array.from({ length: 8 }, () => outcome(startGateway(profile))))
  expect(outcomes.filter((one) => one === 'up')).toHaveLength(1)
  expect(outcomes.filter((one) => one.includes('already serves this profile'))).toHaveLength(7)
  expect(readFileSync(join(profile, 'starts'), 'utf8').trim().split('\n')).toHaveLength(8)
})

test.each<[string, (run: string) => void, string]>([
  ['belongs to somebody else', (run) => chownSync(run, 12_345, 12_345), 'belongs to another user'],
  ['is open to others', (run) => chmodSync(run, 0o750), 'is open to other users'],
])('refuses a folder that %s', async (_what, spoil, message) => {
  const run = join(testFolder(), 'run')
  mkdirSync(run, { mode: 0o700 })
  spoil(run)
  await expect(take(run)).rejects.toThrow(message)
})

test('refuses a folder that is a link, and a socket path that something else is at', async () => {
  const folder = testFolder()
  mkdirSync(join(folder, 'real'), { mode: 0o700 })
  symlinkSync('real', join(folder, 'link'))
  await expect(take(join(folder, 'link'))).rejects.toThrow('must be a folder, not a link or file')

  writeFileSync(join(folder, 'real', 'gateway.sock'), 'not yours')
  await expect(take(join(folder, 'real'))).rejects.toThrow("is in the way of the gateway's socket")
  expect(readdirSync(join(folder, 'real'))).toEqual(['gateway.sock'])
})

test('checks the folder of a socket that lies elsewhere, and how long its path is', async () => {
  const folder = testFolder()
  mkdirSync(join(folder, 'open'), { mode: 0o755 })
  const run = join(folder, 'run')
  await expect(take(run, join(folder, 'open', 's'))).rejects.toThrow('is open to other users')
  await expect(take(run, join(folder, 'x'.repeat(100)))).rejects.toThrow('is longer than 100 bytes')
})

test('the start of a process tells it from others with the same id', async () => {
  const child = spawn('sleep', ['60'])
  const start = processStart(child.pid as number)
  expect(start).toMatch(/^[0-9a-f]{16}$/)
  expect(processStart(child.pid as number)).toBe(start)
  child.kill('SIGKILL')
  await once(child, 'close')
  expect(processStart(child.pid as number)).toBeNull()
})

test('where the socket is a pipe, a profile is taken before anything is opened, and once', async () => {
  // Elsewhere than on Windows such a name is a file in the working folder, and as exclusive.
  const paths = { run: testFolder(), socket: `\\\\.\\pipe\\toolgate-test-${process.pid}` }
  const first = await claimProfile(paths)
  await expect(claimProfile(paths)).rejects.toBeInstanceOf(ProfileBusy)
  first.release()
  const second = await claimProfile(paths)
  second.release()
})
