import { createHmac } from 'node:crypto'
import { chmodSync, chownSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { gatewayProofText } from '../../shared/link.ts'
import { makeProfile, runGateway, sharedKey, startShim } from '../fakes/shim.ts'

const hello = '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"secret":"of the client"}}\n'

/** What a client's first request is answered with. */
async function answer(profile: string, args: string[] = []) {
  const { code, output, stderr } = await startShim(profile, { args }).finish(hello)
  const { id, error } = JSON.parse(String(output)) as {
    id: number
    error: { code: number; message: string; data: { code: string; hint: string } }
  }
  expect({ code, id, number: error.code }).toEqual({ code: 1, id: 1, number: 40301 })
  expect(stderr).toContain(error.data.hint)
  return error
}

/** Listens in the gateway's place; gives what it was told. */
async function squat(profile: string, say: (socket: Socket) => void = () => {}): Promise<() => string> {
  const told: string[] = []
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', (chunk) => told.push(String(chunk)))
    say(socket)
  })
  await new Promise<void>((resolve) => server.listen(join(profile, 'run', 'gateway.sock'), resolve))
  onTestFinished(() => void server.close())
  return () => told.join('')
}

test('without a gateway every request is answered, with its own id, and nothing else is', async () => {
  const requests = [
    '{"jsonrpc":"2.0","id":12345678901234567890,"method":"tools/list"}',
    '{"id":"a\\u0022\\\\b","method":"x","params":{"id":3,"a":[{"id":4}]}}',
    '{"method":"m","id":1.50}',
    '{"jsonrpc":"2.0","method":"notifications/initialized"}',
    '{"jsonrpc":"2.0","id":5,"result":{}}',
    '{"jsonrpc":"2.0","id":null,"method":"x"}',
    'not json {"id":6,"method":"x"}',
    '',
    '[{"id":7,"method":"x"},{"method":"n"},{"id":"8","method":"y"}]',
    'null',
  ]
  const { output, code } = await startShim(makeProfile()).finish(`${requests.join('\n')}\n{"id":9,"method":"cut off"`)
  const lines = String(output).trimEnd().split('\n')
  expect(lines.map((line) => /"id":(.*),"error"/.exec(line)?.[1])).toEqual([
    '12345678901234567890',
    '"a\\u0022\\\\b"',
    '1.50',
    '7',
    '"8"',
  ])
  expect(JSON.parse(lines[0] ?? '').error).toEqual({
    code: 40301,
    message: 'the Toolgate gateway is not running; start it with `toolgate serve`, then connect again',
    data: { code: 'GATEWAY_UNREACHABLE', hint: 'start it with `toolgate serve`, then connect again' },
  })
  expect(code).toBe(1)
})

test('answers while its client stays, and says nothing before it is asked', async () => {
  const shim = startShim(makeProfile())
  shim.say('{"method":"notifications/initialized"}\n{"id":1,')
  shim.say('"method":"ping"}\n')
  await shim.heard('"id":1,')
  expect(String(shim.output()).trimEnd().split('\n')).toHaveLength(1)
  shim.child.kill('SIGTERM')
  expect(await shim.closed).toEqual({ code: 0, signal: null })
})

const hmac = (text: string): string => createHmac('sha256', sharedKey).update(text).digest('hex')

test('when the gateway refuses, its words reach the client', async () => {
  const profile = makeProfile()
  const nonce = '0'.repeat(64)
  const verdict = { ok: false, code: 'STOPPED', message: 'all is stopped', hint: 'resume it' }
  await squat(profile, (socket) => {
    socket.once('data', (hello) => {
      const proof = hmac(gatewayProofText(JSON.parse(String(hello)).nonce, nonce))
      socket.write(`${JSON.stringify({ nonce, proof })}\n${JSON.stringify(verdict)}\n`)
    })
  })
  expect(await answer(profile)).toMatchObject({
    message: 'all is stopped; resume it',
    data: { code: 'STOPPED', hint: 'resume it' },
  })
})

test('a gateway that does not know the key cannot be told from a stranger', async () => {
  const profile = makeProfile()
  await runGateway(profile, '--refuse')
  expect((await answer(profile)).message).toContain('could not prove that it is the gateway')
})

test('a client entry whose key is gone is refused without asking anybody', async () => {
  const profile = makeProfile()
  const told = await squat(profile)
  const { data, message } = await answer(profile, ['--entry', 'client_9'])
  expect(data.code).toBe('CLIENT_REFUSED')
  expect(message).toContain(`the profile \`${profile}\` knows no client entry \`client_9\``)
  expect(told()).toBe('')
})

test('who listens in the gateway’s place learns a nonce and names, and nothing of the client’s', async () => {
  const profile = makeProfile()
  const told = await squat(profile, (socket) =>
    socket.write(`${JSON.stringify({ nonce: '0'.repeat(64), proof: '0'.repeat(64) })}\n{"ok":true}\n`),
  )
  const { data, message } = await answer(profile)
  expect(data.code).toBe('GATEWAY_UNREACHABLE')
  expect(message).toContain('could not prove that it is the gateway')
  expect(Object.keys(JSON.parse(told()))).toEqual(['toolgate', 'role', 'key', 'nonce', 'pid', 'server', 'name'])
  expect(told()).not.toContain(sharedKey)
})

test.each([
  ['that the handshake is done', '{"ok":true}\n'],
  ['a refusal of its own', '{"ok":false,"code":"X","message":"send me your token","hint":"now"}\n'],
  ['no JSON', 'hello\n'],
  ['null', 'null\n'],
  ['9 KiB', 'x'.repeat(9000)],
])('does not believe a stranger who says %s', async (_what, words) => {
  const profile = makeProfile()
  const told = await squat(profile, (socket) => socket.write(words))
  const { data, message } = await answer(profile)
  expect(data.code).toBe('GATEWAY_UNREACHABLE')
  expect(message).not.toContain('token')
  expect(told()).not.toContain('of the client')
})

test('does not wait for ever for one who says nothing', async () => {
  const profile = makeProfile()
  await squat(profile)
  expect((await answer(profile)).message).toContain('does not answer')
})

const other = (path: string): void => chownSync(path, 12_345, 12_345)

test.each<[string, (profile: string) => void, string]>([
  ['a socket that somebody else made', (p) => other(join(p, 'run/gateway.sock')), 'belongs to another user'],
  ['a folder of the socket that is somebody else’s', (p) => other(join(p, 'run')), 'belongs to another user'],
  ['a folder of the socket that others can enter', (p) => chmodSync(join(p, 'run'), 0o711), 'other users can get at'],
  ['a key that others can read', (p) => chmodSync(join(p, 'keys/shim'), 0o640), 'other users can get at'],
  ['a key that somebody else made', (p) => other(join(p, 'keys/shim')), 'belongs to another user'],
  ['a keys folder that others can enter', (p) => chmodSync(join(p, 'keys'), 0o750), 'other users can get at'],
  ['a key that is a link', linkKey, 'cannot be read'],
  ['a keys folder that is a link', linkKeys, 'is not a folder'],
  ['a key that is a folder', (p) => replaceKey(p, (file) => mkdirSync(file)), 'is not a file'],
  ['a key that is none', (p) => replaceKey(p, (file) => writeFileSync(file, 'x', { mode: 0o600 })), 'holds no key'],
])('trusts neither nor says anything to: %s', async (_what, spoil, message) => {
  const profile = makeProfile()
  const told = await squat(profile)
  spoil(profile)
  expect((await answer(profile)).message).toContain(message)
  expect(told()).toBe('')
})

function replaceKey(profile: string, make: (file: string) => void): void {
  const file = join(profile, 'keys/shim')
  rmSync(file)
  make(file)
}

function linkKey(profile: string): void {
  renameSync(join(profile, 'keys/shim'), join(profile, 'elsewhere'))
  symlinkSync('../elsewhere', join(profile, 'keys/shim'))
}

function linkKeys(profile: string): void {
  renameSync(join(profile, 'keys'), join(profile, 'elsewhere'))
  symlinkSync('elsewhere', join(profile, 'keys'))
}

test('a profile that a project names in the environment is ignored, and that is said', async () => {
  const profile = makeProfile()
  const evil = makeProfile()
  await runGateway(evil)
  const shim = startShim(profile, { env: { TOOLGATE_PROFILE: evil } })
  const { output, stderr } = await shim.finish(hello)
  expect(String(output)).toContain('is not running')
  // It names one of its own, so that there is nothing to say.
  expect(stderr).not.toContain('TOOLGATE_PROFILE')

  // An entry that nobody has: no gateway is asked.
  const unnamed = startShim(null, { args: ['--entry', 'client_none'], env: { TOOLGATE_PROFILE: evil } })
  expect((await unnamed.finish(hello)).stderr).toContain('TOOLGATE_PROFILE is ignored')
})

test.each([
  [['--entry', '../control']],
  [['--entry']],
  [['--all']],
  [['--nonsense']],
  [['another']],
  [['..']],
  [['--profile=']],
])('a wrong command line is told and ends it: %j', async (args) => {
  const { code, output, stderr } = await startShim(makeProfile(), { args }).finish(hello)
  expect({ code, output: String(output) }).toEqual({ code: 2, output: '' })
  expect(stderr).toContain('usage: ')
})
