import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { type ControlLink, type Listener, listen, type ShimLink } from '../../../src-main/core/gateway/link.ts'
import { fakeClock } from '../../fakes/clock.ts'
import { testFolder } from '../../fakes/folder.ts'
import { callSocket, helloWith, shake } from '../../fakes/link-caller.ts'
import { until } from '../../fakes/processes.ts'

const secrets: Record<string, string> = { shim: 'a', control: 'c', client_1: 'b' }
let listener: Listener | undefined
afterEach(async () => {
  await listener?.close()
  listener = undefined
})

/** A listener whose links give everything back; `links` says who came. */
async function start() {
  const run = join(testFolder(), 'run')
  const socket = join(run, 'gateway.sock')
  const clock = fakeClock()
  const links: (ShimLink | ControlLink)[] = []
  const logged: string[] = []
  const note = (message: string, fields?: object): void => void logged.push(`${message} ${JSON.stringify(fields)}`)
  const echo = (link: ShimLink | ControlLink): void => {
    links.push(link)
    link.onData((chunk) => void link.write(chunk))
    link.onEnd(() => link.end())
  }
  listener = await listen({
    paths: { run, socket },
    secretOf: (key) => (Object.hasOwn(secrets, key) ? Buffer.from(secrets[key] ?? '') : null),
    onShim: echo,
    onControl: echo,
    log: { info: note, warn: note, error: note },
    clock,
  })
  return { socket, clock, links, logged }
}

test('a caller that proves itself becomes a link, and the gateway proves itself first', async () => {
  const { socket, links } = await start()
  const { verdict, proven, ...caller } = await shake(socket, { hello: helloWith({ key: 'client_1' }), secret: 'b' })
  expect({ verdict, proven }).toEqual({ verdict: { ok: true }, proven: true })
  expect(links[0]?.hello).toMatchObject({ role: 'shim', key: 'client_1', server: 'files', name: 'test' })
  caller.socket.end()
  expect(String(await caller.rest())).toBe('')
})

test('bytes sent together with the proof reach the link, and both ways stay byte for byte', async () => {
  const { socket } = await start()
  const bytes = randomBytes(300_000)
  const caller = await shake(socket, { after: bytes })
  expect(caller.verdict).toEqual({ ok: true })
  caller.socket.end(bytes)
  expect((await caller.rest()).equals(Buffer.concat([bytes, bytes]))).toBe(true)
})

test('a handshake that comes byte by byte is as good', async () => {
  const { socket } = await start()
  const { socket: slow, line } = await callSocket(socket)
  for (const byte of Buffer.from(`${JSON.stringify(helloWith({}))}\n`)) slow.write(Buffer.of(byte))
  expect(JSON.parse(await line())).toHaveProperty('proof')
  slow.destroy()
})

const refused = { ok: false, code: 'CLIENT_REFUSED' }

test.each([
  ['a wrong secret', { secret: 'wrong' }],
  ['a key that does not exist', { hello: helloWith({ key: 'client_2' }) }],
  ['a key with a name from the language', { hello: helloWith({ key: 'constructor' }) }],
  ['a proof of zeros', { proof: '0'.repeat(64) }],
  ['the key of a shim at the control door', { hello: { ...helloWith({}), role: 'control' } }],
  ['the control key for a shim', { hello: helloWith({ key: 'control' }), secret: 'c' }],
  ['another version', { hello: helloWith({ toolgate: 2 }) }],
])('refuses %s', async (_what, spoken) => {
  const { socket, links, logged } = await start()
  const caller = await shake(socket, spoken)
  expect(caller.verdict).toMatchObject(refused)
  await caller.rest()
  expect(links).toEqual([])
  expect(logged).toHaveLength(1)
})

test('an unknown key is answered like a known one with the wrong secret', async () => {
  const { socket } = await start()
  const known = await shake(socket, { secret: 'wrong' })
  const unknown = await shake(socket, { hello: helloWith({ key: 'nobody' }), secret: 'wrong' })
  expect(unknown.verdict).toEqual(known.verdict)
  expect(Object.entries(unknown.challenge).map(([name, value]) => [name, value.length])).toEqual(
    Object.entries(known.challenge).map(([name, value]) => [name, value.length]),
  )
})

test('a proof that was overheard does not work again', async () => {
  const { socket, links } = await start()
  const hello = helloWith({})
  const first = await shake(socket, { hello })
  expect(first.verdict).toEqual({ ok: true })
  const again = await shake(socket, { hello, proof: first.proof })
  expect(again.verdict).toMatchObject(refused)
  expect(links).toHaveLength(1)
})

test('the gateway’s own proof cannot be turned into a caller’s', async () => {
  const { socket } = await start()
  const victim = await callSocket(socket)
  const hello = helloWith({}) as { nonce: string }
  victim.socket.write(`${JSON.stringify(hello)}\n`)
  const { nonce } = JSON.parse(await victim.line()) as { nonce: string }
  const mirror = await shake(socket, { hello: helloWith({ nonce }) }).then(({ challenge }) => challenge)
  victim.socket.write(`${JSON.stringify({ proof: mirror.proof })}\n`)
  expect(JSON.parse(await victim.line())).toMatchObject(refused)
})

test.each([
  ['no JSON', 'hello?'],
  ['JSON of another kind', '[1,2]'],
  ['a null', 'null'],
  ['no nonce', JSON.stringify(helloWith({ nonce: undefined }))],
  ['a short nonce', JSON.stringify(helloWith({ nonce: 'abc' }))],
  ['a path as a key', JSON.stringify(helloWith({ key: '../control' }))],
  ['no server', JSON.stringify(helloWith({ server: undefined }))],
  ['another role', JSON.stringify(helloWith({ role: 'host' }))],
  ['9 KiB', JSON.stringify(helloWith({ name: 'x'.repeat(9000) }))],
])('tells a stranger nothing: %s', async (_what, hello) => {
  const { socket, links } = await start()
  const caller = await callSocket(socket)
  caller.socket.write(`${hello}\n`)
  expect(String(await caller.rest())).toBe('')
  expect(links).toEqual([])
})

test('a line without an end is cut off at the limit', async () => {
  const { socket } = await start()
  const caller = await callSocket(socket)
  caller.socket.write('x'.repeat(8193))
  expect(String(await caller.rest())).toBe('')
})

test('who has not proved itself after 5 s is cut off, however much it says', async () => {
  const { socket, clock } = await start()
  const silent = await callSocket(socket)
  const slow = await callSocket(socket)
  slow.socket.write(`${JSON.stringify(helloWith({}))}\n{"pr`)
  await slow.line()
  clock.advance(4999)
  slow.socket.write('oof')
  expect([silent.socket.readyState, slow.socket.readyState]).toEqual(['open', 'open'])
  clock.advance(1)
  await Promise.all([silent.rest(), slow.rest()])
})

test('a link lives on after those 5 s', async () => {
  const { socket, clock } = await start()
  const caller = await shake(socket)
  clock.advance(60_000)
  caller.socket.write('still here\n')
  expect(await caller.line()).toBe('still here')
  caller.socket.destroy()
})

test('a caller that is gone closes its link', async () => {
  const { socket, links } = await start()
  const caller = await shake(socket)
  const closed = new Promise<void>((resolve) => links[0]?.onClose(resolve))
  caller.socket.destroy()
  await closed
})

test('a link can be paused, and says when it can be written to again', async () => {
  const { socket, links } = await start()
  const caller = await shake(socket)
  const [link] = links
  caller.socket.pause()
  const chunk = Buffer.alloc(1 << 20)
  let written = 1
  while (written < 8 && link?.write(chunk)) written++
  expect(written).toBeLessThan(8)
  const drained = new Promise<void>((resolve) => link?.onDrain(resolve))
  caller.socket.resume()
  await drained

  link?.pause()
  caller.socket.end('later')
  link?.resume()
  expect(String(await caller.rest())).toMatch(/later$/)
})

test('closing ends every link and takes no more callers', async () => {
  const { socket } = await start()
  const caller = await shake(socket)
  await listener?.close()
  listener = undefined
  await caller.rest()
  await until('nobody listens', () => new Promise((resolve) => connect(socket).on('error', () => resolve(true))))
})
