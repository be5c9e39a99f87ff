import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { startReaper } from '../../../src-main/core/upstream/reaper.ts'
import { runs, until } from '../../fakes/processes.ts'

const fakes = join(import.meta.dirname, '../../fakes')
const stubborn = (size: number) => [
  process.execPath,
  join(fakes, 'servers/stubborn-server.mjs'),
  '--family',
  String(size),
]

type Told = { reaper?: number; pid?: number; line?: string; error?: string }

async function startHost(servers: string[][], ...flags: string[]) {
  const args = [join(fakes, 'upstream-host.ts'), ...flags, ...servers.map((server) => JSON.stringify(server))]
  const host = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void host.kill('SIGKILL'))
  const told: Told[] = []
  createInterface({ input: host.stdout }).on('line', (line) => told.push(JSON.parse(line)))
  await until('every server is up', () => told.filter((entry) => entry.line !== undefined).length === servers.length)
  const watchdog = told.find((entry) => entry.reaper)?.reaper ?? 0
  const family = told.flatMap(({ line }) => (line ? (JSON.parse(line) as number[]) : []))
  return { host, told, watchdog, family }
}

/** A process group of its own that nothing but SIGKILL ends. */
async function startGroup(): Promise<number> {
  const [command = '', ...args] = stubborn(0)
  const child = spawn(command, args, { detached: true, stdio: ['pipe', 'pipe', 'ignore'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  await new Promise((resolve) => child.stdout.once('data', resolve))
  return child.pid as number
}

const gone = (pids: number[]) => until(`${pids} are gone`, () => pids.every((pid) => !runs(pid)))
const log = { info: () => {}, warn: () => {}, error: () => {} }

test('a killed gateway leaves no server, no descendant and no watchdog behind', async () => {
  const { host, watchdog, family } = await startHost([stubborn(0), stubborn(2)])
  expect(family).toHaveLength(4)
  expect([watchdog, ...family].every(runs)).toBe(true)

  host.kill('SIGKILL')
  await gone([watchdog, ...family])
})

test('a gateway killed between the birth of a server and its registration leaves nothing behind', async () => {
  const { host, watchdog, told } = await startHost([stubborn(0)], '--die-before-registration')
  const born = told.find((entry) => entry.pid)?.pid ?? 0
  await until('the gateway is dead', () => host.signalCode === 'SIGKILL')
  await gone([watchdog, born])
})

test('signals meant for the gateway do not end the watchdog', async () => {
  const { host, watchdog, family } = await startHost([stubborn(0)])
  for (const signal of ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'] as const) process.kill(watchdog, signal)
  expect(runs(watchdog)).toBe(true)
  host.kill('SIGKILL')
  await gone([watchdog, ...family])
})

test('a killed watchdog is replaced by one that knows every server', async () => {
  const reaper = startReaper(log)
  const group = await startGroup()
  reaper.add(group)
  const first = reaper.pid as number
  process.kill(first, 'SIGKILL')
  await until('there is a new watchdog', () => reaper.pid !== first && runs(reaper.pid as number))

  await reaper.close()
  await gone([group])
})

test('a gateway without a free file descriptor survives the death of its watchdog, and has another one later', async () => {
  const group = await startGroup()
  const words = [process.execPath, join(fakes, 'starved-host.ts'), String(group)]
  const host = spawn('/bin/sh', ['-c', 'ulimit -n 64; exec "$@"', 'sh', ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void host.kill('SIGKILL'))
  const told: Told[] = []
  createInterface({ input: host.stdout }).on('line', (line) => told.push(JSON.parse(line)))
  await until(
    'there is a new watchdog',
    () => told.some((entry) => entry.reaper !== undefined) || host.exitCode !== null,
  )
  expect([host.exitCode, told[0]]).toEqual([null, { error: 'the watchdog of server processes cannot start' }])
  host.kill('SIGKILL')
  await gone([group])
})

test('a group that was taken off the list is left alone', async () => {
  const reaper = startReaper(log)
  const [kept, ended, other] = [await startGroup(), await startGroup(), await startGroup()]
  for (const group of [kept, ended, other]) reaper.add(group)
  reaper.remove(kept)
  await reaper.close()
  await gone([ended, other])
  expect(runs(kept)).toBe(true)
})

test.each([0, 1, -1, -5, 1.5, Number.NaN, 1e30])('refuses %d, which would hit others', async (group) => {
  const reaper = startReaper(log)
  expect(() => reaper.add(group)).toThrow(RangeError)
  await reaper.close()
})

test('the watchdog holds none of the gateway’s files', async () => {
  const before: ChildProcess = spawn('sleep', ['60'], { stdio: 'pipe' })
  onTestFinished(() => void before.kill('SIGKILL'))
  const reaper = startReaper(log)
  const { readdirSync } = await import('node:fs')
  expect(readdirSync(`/proc/${reaper.pid}/fd`).filter((fd) => Number(fd) < 10)).toEqual(['0', '1', '2'])
  await reaper.close()
})
