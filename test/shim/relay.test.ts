import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { expect, onTestFinished, test } from 'vitest'
import type { ShimLink } from '../../src-main/core/gateway/link.ts'
import type { ShimArguments } from '../../src-main/shim/arguments.ts'
import { connectGateway } from '../../src-main/shim/connect.ts'
import { pump } from '../../src-main/shim/pump.ts'
import { runs, until } from '../fakes/processes.ts'
import { listenForShims, makeProfile, runGateway, startShim } from '../fakes/shim.ts'

/** A gateway in this process that keeps its links. */
async function keepLinks(profile: string): Promise<ShimLink[]> {
  const links: ShimLink[] = []
  await listenForShims(profile, (link) => links.push(link))
  return links
}

/** A shim that is connected, with its link. */
async function connected() {
  const profile = makeProfile()
  const links = await keepLinks(profile)
  const shim = startShim(profile)
  await until('the shim is connected', () => links.length === 1)
  return { shim, link: links[0] as ShimLink }
}

test('carries bytes both ways unchanged, and all of them before it ends with its client', async () => {
  const profile = makeProfile()
  await runGateway(profile)
  const bytes = randomBytes(10 << 20)
  const { output, ...end } = await startShim(profile).finish(bytes)
  expect(end).toEqual({ code: 0, signal: null, stderr: '' })
  expect(output.equals(bytes)).toBe(true)
})

test('says who it is: the server, the client’s own name for itself, its key', async () => {
  const profile = makeProfile()
  writeFileSync(join(profile, 'keys', 'client_7'), 'b2'.repeat(32), { mode: 0o600 })
  const links = await keepLinks(profile)
  const { child } = startShim(profile, { args: ['--entry', 'client_7', '--name', 'My client'] })
  await until('the shim is connected', () => links.length === 1)
  expect(links[0]?.hello).toMatchObject({ key: 'client_7', name: 'My client', server: 'files', pid: child.pid })
})

test('says nothing to its client before the client has spoken', async () => {
  const { shim, link } = await connected()
  link.onData(() => link.write(Buffer.from('answer\n')))
  link.write(Buffer.from('too early\n'))
  expect(shim.output()).toHaveLength(0)
  shim.say('hello\n')
  await shim.heard('answer')
  expect(String(shim.output())).toBe('too early\nanswer\n')
})

test('a client that ends without a word is told nothing, and not waited for', async () => {
  const profile = makeProfile()
  await listenForShims(profile, (link) => void link.write(Buffer.from('too early\n')))
  const args: ShimArguments = { server: 'files', profile, named: true, entry: null, name: '', hook: null }
  const [input, output] = [new PassThrough(), new PassThrough()]
  const socket = await connectGateway(args)
  if (!socket) throw new Error('the gateway is not there')
  input.end()
  expect(await pump(socket, input, output)).toBe('client')
  expect(output.readableLength).toBe(0)
  socket.destroy()

  expect(await startShim(profile).finish()).toMatchObject({ code: 0, output: Buffer.alloc(0), stderr: '' })
})

test.each([
  ['before the client has spoken', ''],
  ['in the middle', 'hello\n'],
])('ends when its gateway is killed: %s', async (_when, said) => {
  const profile = makeProfile()
  const gateway = await runGateway(profile)
  const shim = startShim(profile)
  if (said) shim.say(said)
  await once(gateway.stdout ?? gateway, 'data')
  await shim.heard(said)
  gateway.kill('SIGKILL')
  const { code } = await shim.closed
  expect(code).toBe(1)
  expect(shim.stderr()).toMatch(/^toolgate: .+\n$/)
})

test('delivers what the gateway said last before it ended the connection', async () => {
  const { shim, link } = await connected()
  link.onData(() => {
    link.write(Buffer.alloc(3 << 20, 'x'))
    link.end()
  })
  shim.say('go\n')
  expect(await shim.closed).toEqual({ code: 1, signal: null })
  expect(shim.output()).toHaveLength(3 << 20)
  expect(shim.stderr()).toBe('toolgate: the gateway ended the connection\n')
})

test('a killed shim closes its link', async () => {
  const { shim, link } = await connected()
  // A killed process may reset its connection, which is no orderly end.
  const closed = new Promise<void>((resolve) => link.onClose(resolve))
  link.onData(() => {})
  link.onEnd(() => link.end())
  shim.child.kill('SIGKILL')
  await closed
})

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('ends at once on %s', async (signal) => {
  const { shim } = await connected()
  shim.child.kill(signal)
  expect(await shim.closed).toEqual({ code: 0, signal: null })
})

test('ends when the client is gone, even if somebody keeps its pipes open', async () => {
  const profile = makeProfile()
  const links = await keepLinks(profile)
  const main = join(import.meta.dirname, '../../src-main/shim/main.ts')
  const script = `exec 3<&0; "$0" "$1" --profile "$2" files <&3 & echo $!; wait`
  const client = spawn('/bin/sh', ['-c', script, process.execPath, main, profile], { stdio: 'pipe' })
  const [line] = await once(client.stdout, 'data')
  const pid = Number(line)
  onTestFinished(() => {
    if (runs(pid)) process.kill(pid, 'SIGKILL')
  })
  await until('the shim is connected', () => links.length === 1)
  client.kill('SIGKILL')
  await until('the shim is gone', () => !runs(pid))
})

test('ends quietly when its client reads no more', async () => {
  const { shim, link } = await connected()
  link.onData(() => link.write(Buffer.from('answer\n')))
  shim.child.stdout.destroy()
  shim.say('hello\n')
  expect(await shim.closed).toEqual({ code: 0, signal: null })
  expect(shim.stderr()).toBe('')
})

test('a client that reads slowly slows the gateway down, is heard all the same, and loses nothing', async () => {
  const { shim, link } = await connected()
  shim.child.stdout.pause()
  let written = 0
  const fill = (): void => {
    while (written < 64) {
      written++
      if (!link.write(Buffer.alloc(1 << 20, 'x'))) return
    }
    link.end()
  }
  let heard = 0
  link.onDrain(fill)
  link.onData((chunk) => {
    heard += chunk.length
  })
  fill()
  for (let said = 1; said <= 50; said++) {
    shim.say('.')
    await until('the client is heard', () => heard === said)
  }
  expect(written).toBeLessThan(16)
  shim.child.stdout.resume()
  await shim.closed
  expect(shim.output()).toHaveLength(64 << 20)
})

test('a gateway that reads slowly slows the client down, and loses nothing', async () => {
  const { shim, link } = await connected()
  let seen = 0
  link.onData((chunk) => {
    seen += chunk.length
  })
  link.pause()
  link.onEnd(() => link.end())
  let accepted = 0
  while (accepted < 64 && shim.say(Buffer.alloc(1 << 20, 'x'))) accepted++
  expect(accepted).toBeLessThan(64)
  link.resume()
  expect(await shim.finish()).toMatchObject({ code: 0 })
  expect(seen).toBe((accepted + 1) << 20)
})
