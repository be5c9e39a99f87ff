import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { ToolgateError } from '../../../shared/errors.ts'
import { type ServerExit, type ServerProcess, startServerProcess } from '../../../src-main/core/upstream/process.ts'
import { startReaper } from '../../../src-main/core/upstream/reaper.ts'
import { runs, until } from '../../fakes/processes.ts'

const servers = join(import.meta.dirname, '../../fakes/servers')
const logged: string[] = []
const note = (message: string): void => void logged.push(message)
const log = { info: note, warn: note, error: note }
const reaper = startReaper(log)
const folder = mkdtempSync(join(tmpdir(), 'toolgate-upstream-'))
afterAll(async () => {
  await reaper.close()
  rmSync(folder, { recursive: true })
})

type Started = ServerProcess & {
  lines: Buffer[]
  stderr: string[]
  tooLong: number[]
  exit: Promise<ServerExit>
  /** The next line that has not been asked for. */
  line: () => Promise<string>
}

async function start(
  command: string,
  args: string[],
  env: Record<string, string> = {},
  limit = 16 << 20,
): Promise<Started> {
  const lines: Buffer[] = []
  const stderr: string[] = []
  const tooLong: number[] = []
  const { promise: exit, resolve } = Promise.withResolvers<ServerExit>()
  const server = await startServerProcess({
    launch: { transport: 'stdio' as const, command, args, env, cwd: folder },
    path: process.env.PATH ?? '',
    governed: 'instance:server',
    limit,
    onLine: (line) => lines.push(Buffer.from(line)),
    onTooLong: (seen) => tooLong.push(seen),
    onSkipped: () => {},
    onStderr: (line) => stderr.push(line),
    onExit: resolve,
    log,
    reaper,
  })
  let asked = 0
  const line = async (): Promise<string> => {
    await until('a line from the server', () => lines.length > asked)
    return String(lines[asked++])
  }
  return { ...server, lines, stderr, tooLong, exit, line }
}

const node = (script: string, ...args: string[]) => start(process.execPath, [join(servers, script), ...args])
const program = (code: string) => start(process.execPath, ['-e', code])

test('carries a line of 10 MiB both ways, byte for byte', async () => {
  const server = await node('echo-server.mjs')
  const huge = randomBytes(10 << 20).map((byte) => (byte === 0x0a ? 0x0b : byte))
  for (const line of [Buffer.from('first'), Buffer.from(huge), Buffer.from('last')]) {
    if (!server.write(line)) await server.drain()
  }
  await until('three lines', () => server.lines.length === 3)
  expect(server.lines[1]?.equals(huge)).toBe(true)
  expect(server.lines.map((line) => line.length)).toEqual([5, 10 << 20, 4])

  await server.end(5000)
  expect(await server.exit).toEqual({ code: 0, signal: null })
})

test('asks to wait when the server does not read, and says when to go on', async () => {
  const server = await program(`
    const stay = setInterval(() => {}, 1000)
    process.stdin.on('end', () => clearInterval(stay)).pause()
    process.on('SIGUSR2', () => process.stdin.resume())
    console.log('ready')
  `)
  await server.line()
  const chunk = Buffer.alloc(1 << 20, 'x')
  let accepted = 0
  while (accepted < 4 && server.write(chunk)) accepted++
  expect(accepted).toBeLessThan(4)

  const drained = server.drain()
  process.kill(server.pid, 'SIGUSR2')
  await drained
  await server.end(5000)
  await server.drain()
})

test('gives a server a clean environment and a session of its own', async () => {
  process.env.TOOLGATE_TEST_SECRET = 'must not be seen'
  process.env.BASH_FUNC_x = '() { echo x; }'
  const server = await start(process.execPath, [join(servers, 'looking-server.mjs'), 'a b', '$(id)', ''], {
    API_KEY: 'k',
    LANG: 'C',
  })
  const seen = JSON.parse(await server.line())

  const inherited = ['HOME', 'LOGNAME', 'SHELL', 'TERM', 'USER', 'TMPDIR', 'TZ', 'LANG', 'PATH', 'PWD']
  const extra = Object.keys(seen.env).filter((name) => !inherited.includes(name) && !name.startsWith('LC_'))
  expect(extra.toSorted()).toEqual(['API_KEY', 'TOOLGATE_GOVERNED'])
  expect(seen.env).toMatchObject({
    API_KEY: 'k',
    LANG: 'C',
    TOOLGATE_GOVERNED: 'instance:server',
    PATH: process.env.PATH,
  })
  expect(seen).toMatchObject({ pid: server.pid, group: server.pid, session: server.pid, cwd: folder })
  expect(seen.args).toEqual(['a b', '$(id)', ''])
  await server.end(5000)
})

test('a server holds no file of ours but its three', async () => {
  const other = await node('echo-server.mjs')
  const server = await start('/bin/ls', ['-l', '/proc/self/fd'])
  await server.exit
  // Node makes sockets for the standard streams of a child; pipes are what the tests were started with.
  const open = server.lines.flatMap((line) => /(\d+) -> (?:socket|anon_inode):/.exec(String(line))?.[1] ?? [])
  expect(open).toEqual(['0', '1', '2'])
  await other.end(5000)
})

test('an environment that a shell cannot hold arrives too', async () => {
  const server = await start(process.execPath, [join(servers, 'looking-server.mjs')], { 'my-key': 'v' })
  expect(JSON.parse(await server.line()).env['my-key']).toBe('v')
  await server.end(5000)
})

test('what a server still says while it ends is delivered before its exit', async () => {
  const server = await program(`
    process.stdin.on('data', () => {}).on('end', () => { process.stdout.write('bye\\n'.repeat(30000)); process.exitCode = 7 })
  `)
  await server.end(5000)
  expect(await server.exit).toEqual({ code: 7, signal: null })
  expect(server.lines).toHaveLength(30_000)
})

test('ends a whole family that ignores the end of input and SIGTERM', async () => {
  const server = await node('stubborn-server.mjs', '--family', '2')
  const family = JSON.parse(await server.line()) as number[]
  expect(family).toHaveLength(3)

  await server.end(50)
  expect(family.filter(runs)).toEqual([])
  expect(await server.exit).toEqual({ code: null, signal: 'SIGKILL' })
})

test('when a server ends by itself, its descendants end too', async () => {
  const server = await program(`
    const { spawn } = require('node:child_process')
    const child = spawn(process.execPath, [${JSON.stringify(join(servers, 'stubborn-server.mjs'))}], { stdio: ['pipe', 'pipe', 'inherit'] })
    child.stdout.once('data', (line) => { process.stdout.write(line, () => process.exit(3)) })
  `)
  const [left = 0] = JSON.parse(await server.line()) as number[]
  expect(await server.exit).toEqual({ code: 3, signal: null })
  expect(runs(left)).toBe(false)
})

test('kill ends it at once', async () => {
  const server = await node('stubborn-server.mjs', '--family', '1')
  const family = JSON.parse(await server.line()) as number[]
  server.kill()
  expect(await server.exit).toEqual({ code: null, signal: 'SIGKILL' })
  expect(family.filter(runs)).toEqual([])
  server.kill()
  await server.end(5000)
})

test('writing to a server that is gone harms nobody', async () => {
  const server = await program('process.exit(0)')
  await server.exit
  expect(server.write(Buffer.from('x'))).toBe(true)
  await server.drain()
})

test('a line over the limit is skipped and told', async () => {
  const server = await start(process.execPath, ['-e', 'console.log("x".repeat(5000) + "\\nok")'], {}, 1000)
  expect(await server.line()).toBe('ok')
  expect(server.tooLong).toHaveLength(1)
  await server.exit
})

test('standard error comes as clean, short lines and not as a flood', async () => {
  const server = await program(`
    process.stderr.write('\\u001b[31mred\\u0007\\r\\n' + 'y'.repeat(5000) + '\\n' + 'z\\n'.repeat(10000) + 'cut off')
  `)
  await server.exit
  expect(server.stderr.slice(0, 3)).toEqual(['\ufffd[31mred\ufffd', `${'y'.repeat(2000)}…`, 'z'])
  expect(server.stderr.length).toBeLessThan(120)
  expect(server.stderr.at(-1)).toMatch(/^\(\d+ more lines left out\)$/)
})

test.each([
  [
    'a command that is nowhere',
    { command: 'no-such-server' },
    '`no-such-server` was not found in the PATH `/usr/bin:/bin`',
  ],
  ['a program that is not there', { command: '/no/such' }, '`/no/such` cannot be run (ENOENT)'],
  ['a folder as a program', { command: '/usr' }, '`/usr` is not a file'],
  ['a program that may not be run', { command: '<plain>' }, 'may not be run by this user'],
  ['a folder that is not there', { command: 'ls', cwd: '/no/such' }, 'its folder `/no/such` is not there'],
  ['an argument that cannot be passed', { command: 'ls', args: ['a\0b'] }, 'null bytes'],
])('says why it cannot start: %s', async (_what, launch, message) => {
  const plain = join(folder, 'plain')
  writeFileSync(plain, '#!/bin/sh\n')
  chmodSync(plain, 0o644)
  const failed: ToolgateError = await startServerProcess({
    launch: {
      transport: 'stdio' as const,
      args: [],
      env: {},
      cwd: folder,
      ...launch,
      command: launch.command.replace('<plain>', plain),
    },
    path: '/usr/bin:/bin',
    governed: 'x',
    limit: 1000,
    onLine: () => {},
    onTooLong: () => {},
    onSkipped: () => {},
    onStderr: () => {},
    onExit: () => {},
    log,
    reaper,
  }).then(
    () => expect.fail('it started'),
    (error) => error,
  )
  expect(failed.code).toBe('SERVER_START_FAILED')
  expect(failed.message).toContain(message)
})
