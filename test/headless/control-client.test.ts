import { createHmac, randomBytes } from 'node:crypto'
import { createServer, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { controlKey, gatewayProofText } from '../../shared/link.ts'
import { connectControl } from '../../src-main/headless/control-client.ts'
import { instancePaths, preparePaths } from '../../src-main/host/paths.ts'
import { fileSecrets } from '../../src-main/host/secrets.ts'
import { controlGateway } from '../fakes/control-gateway.ts'
import { testFolder } from '../fakes/folder.ts'

/** Something that listens where the gateway should, and what it hears. */
async function squatter(answer: (line: string, key: Buffer) => string | null) {
  const paths = instancePaths(testFolder())
  preparePaths(paths)
  const secrets = fileSecrets(paths.keys)
  const key = randomBytes(32)
  secrets.set(controlKey, key)
  const heard: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      heard.push(`${chunk}`)
      const reply = answer(`${chunk}`, key)
      if (reply === null) socket.destroy()
      else socket.write(`${reply}\n`)
    })
  })
  await new Promise<void>((resolve) => server.listen(paths.socket, resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { paths, secrets, heard }
}

test.each([
  ['a wrong proof', () => JSON.stringify({ nonce: 'a'.repeat(64), proof: 'b'.repeat(64) })],
  ['a proof of another form', () => JSON.stringify({ nonce: 'a'.repeat(64), proof: ['b'.repeat(64)] })],
  ['no JSON', () => 'hello'],
  ['a line too long', () => 'x'.repeat(9000)],
  ['a closed connection', () => null],
])('whoever answers with %s hears nothing but a hello', async (_name, answer) => {
  const { paths, secrets, heard } = await squatter(answer)

  await expect(connectControl(paths, secrets)).rejects.toMatchObject({ code: 'UNREACHABLE', exit: 3 })
  expect(heard).toHaveLength(1)
  expect(JSON.parse(heard[0] ?? '')).toMatchObject({ role: 'control', key: controlKey, pid: process.pid })
})

test('a refusal after the proof is told to the person', async () => {
  let lines = 0
  const { paths, secrets } = await squatter((line, key) => {
    lines += 1
    if (lines > 1) return JSON.stringify({ ok: false, code: 'CLIENT_REFUSED', message: 'not you', hint: 'go away' })
    const { nonce } = JSON.parse(line) as { nonce: string }
    const mine = 'c'.repeat(64)
    return JSON.stringify({
      nonce: mine,
      proof: createHmac('sha256', key).update(gatewayProofText(nonce, mine)).digest('hex'),
    })
  })
  await expect(connectControl(paths, secrets)).rejects.toMatchObject({
    code: 'CLIENT_REFUSED',
    message: 'not you',
    exit: 4,
  })
})

test('calls are answered in order; a refusal carries its code, and the connection lives on', async () => {
  const { paths, secrets } = await controlGateway({ handlers: { shutdown: () => ({}) } })
  const client = await connectControl(paths, secrets)
  const [status, refused, ended] = await Promise.all([
    client?.call('status', {}),
    client?.call('app.link', {}).catch((error: unknown) => error),
    client?.call('shutdown', {}),
  ])

  expect(status).toMatchObject({ version: 'test' })
  expect(refused).toMatchObject({ code: 'PRESENCE_REQUIRED', exit: 4 })
  expect(ended).toEqual({})
  client?.close()
})

test('where nobody listens there is no gateway, and none is invented', async () => {
  const { paths, secrets } = await squatter(() => null)
  const elsewhere = instancePaths(testFolder())
  expect(await connectControl({ ...paths, socket: elsewhere.socket }, secrets)).toBeNull()
  expect(await connectControl(paths, fileSecrets(elsewhere.keys))).toBeNull()
})

test('a caller that floods is cut off', async () => {
  const slow = Promise.withResolvers<Record<string, never>>()
  const { paths, secrets, problems } = await controlGateway({ handlers: { shutdown: () => slow.promise } })
  const client = await connectControl(paths, secrets)
  const calls = Array.from({ length: 100 }, () =>
    client?.call('shutdown', {}).catch((error: { code: string }) => error.code),
  )

  expect(new Set(await Promise.all(calls))).toEqual(new Set(['UNREACHABLE']))
  expect(problems).toEqual([
    {
      message: 'a control connection was closed',
      fields: expect.objectContaining({ why: 'too many requests at once' }),
    },
  ])
  slow.resolve({})
})
