import { expect, test } from 'vitest'
import type { ToolgateError } from '../../../../shared/errors.ts'
import type { HttpLaunch } from '../../../../shared/server.ts'
import { createStarter } from '../../../../src-main/core/upstream/start.ts'
import { campaign } from '../../../fakes/campaign.ts'
import { type Got, scriptedServer } from '../../../fakes/remote-server.ts'
import { asGiven } from '../../../fakes/vault.ts'

const limit = 12 << 20
const log = { info: () => {}, warn: () => {}, error: () => {} }

/** A server that answers with the bytes and in the pieces that a test says, and what comes of each line that is sent to it. */
async function echo() {
  let next: { answer: (got: Got) => Buffer; events: boolean; piece: number }
  const scripted = await scriptedServer((got, res) => {
    if (got.json?.method !== 'echo') return false
    const { answer, events, piece } = next
    const bytes = answer(got)
    const body = events ? Buffer.concat([Buffer.from('data: '), bytes, Buffer.from('\n\n')]) : bytes
    res.writeHead(200, { 'content-type': events ? 'text/event-stream' : 'application/json; charset=utf-8' })
    for (let at = 0; at < body.length; at += piece) res.write(body.subarray(at, at + piece))
    return res.end()
  })
  const launch: HttpLaunch = { transport: 'http', url: scripted.url, headers: {}, reach: 'loopback' }
  const starter = createStarter({ path: '', limit, log, ...asGiven })
  let hear: (line: Buffer) => void = () => {}
  const lost = (_: unknown, error: ToolgateError) => hear(Buffer.from(error.message))
  const server = starter.start(launch, {
    line: (line) => hear(line),
    tooLong: () => {},
    skipped: () => {},
    exit: () => {},
    lost,
  })
  return {
    got: scripted.got,
    close: starter.close,
    ask(line: Buffer, answer: (got: Got) => Buffer, events: boolean, piece: number): Promise<Buffer> {
      next = { answer, events, piece }
      return new Promise((resolve) => {
        hear = resolve
        server.write(line)
      })
    },
  }
}

/** A small generator with a fixed seed, so that a failure can be repeated: whole numbers below `below`. */
function random(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * below)
  }
}

const pieces = ['"', '\\', '/', '\u2028', '\u0000', '\ud800', 'é', '😀', '\t', 'data: x', ':', '{', 'id']

/** JSON text as odd writers write it: blanks between values, escapes where none are needed, numbers that no double holds. */
function odd(next: (below: number) => number, depth = 0): string {
  const blank = [' ', '', '\t', '  '][next(4)] ?? ''
  const kind = next(depth > 3 ? 4 : 6)
  const inner = (wrap: (at: number) => string) => Array.from({ length: next(4) }, (_, at) => wrap(at)).join(`${blank},`)
  if (kind === 0) return JSON.stringify(Array.from({ length: next(8) }, () => pieces[next(pieces.length)]).join(''))
  if (kind === 1) return `${next(2) ? '-' : ''}${next(1e9)}${next(1e9)}.${next(100)}0e${next(400)}`
  if (kind === 2) return ['true', 'false', 'null', '"\\u0041\\/"'][next(4)] ?? ''
  if (kind === 3) return '12345678901234567890'
  if (kind === 4) return `[${blank}${inner(() => odd(next, depth + 1))}${blank}]`
  return `{${blank}${inner((at) => `"k${at}"${blank}:${blank}${odd(next, depth + 1)}`)}}`
}

test('what is sent and what is answered are the same bytes, in either form and in any pieces', async ({ task }) => {
  const { ask, got, close } = await echo()
  const seed = 7
  const next = random(seed)
  const size = campaign(task, { sample: 200, full: 5_000, seed })
  for (let id = 1; id <= size; id++) {
    const line = `{"params":${`{"a":${odd(next)}}`},"jsonrpc":"2.0","id":${id},"x":null,"method":"echo"}`
    const answer = `{"id":${id} ,"result":${odd(next)},"jsonrpc":"2.0", "y":[1e400]}`
    const heard = await ask(Buffer.from(line), () => Buffer.from(answer), next(2) === 0, 1 + next(40))
    expect(got.at(-1)?.body).toBe(line)
    expect(heard.toString()).toBe(answer)
  }
  await close()
})

test.each([false, true])('ten mebibytes pass both ways (as events: %s)', async (events) => {
  const { ask, got, close } = await echo()
  const much = 'é'.repeat(5 << 20)
  const line = Buffer.from(`{"jsonrpc":"2.0","id":1,"method":"echo","params":{"s":"${much}"}}`)
  const answer = Buffer.from(`{"jsonrpc":"2.0","id":1,"result":{"s":"${much}"}}`)
  expect((await ask(line, () => answer, events, 65_536)).equals(answer)).toBe(true)
  expect(got.at(-1)?.body.length).toBe(line.toString().length)
  await close()
})

test('line ends between values become blanks, and within a string they make it no message', async () => {
  const { ask, close } = await echo()
  const line = Buffer.from('{"jsonrpc":"2.0","id":1,"method":"echo"}')
  const pretty = JSON.stringify({ jsonrpc: '2.0', id: 1, result: { a: ['x', 2] } }, null, 2)
  const told = await ask(line, () => Buffer.from(pretty), false, 7)
  expect(told.toString()).toBe(pretty.replaceAll('\n', ' '))
  const broken = await ask(line, () => Buffer.from('{"jsonrpc":"2.0","id":1,"result":"a\nb"}'), false, 7)
  expect(broken.toString()).toContain('its answer is no message')
  await close()
})
