import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { campaign } from '../fakes/campaign.ts'
import { modernMeta } from '../fakes/http-client.ts'
import { come, type DoorName, type OddDoor, openOddDoors, settled } from './odd-doors.ts'
import { duplicated } from './odd-duplicates.ts'
import { fromServer, type OddRequest, oddNotification, oddRequest, type ServerSays } from './odd-messages.ts'

let doors: Record<DoorName, OddDoor>
let close: () => Promise<void>

beforeAll(async () => {
  const opened = await openOddDoors()
  doors = opened.doors
  close = opened.close
})
afterAll(() => close())

/** Line ends are no part of a message that a server over stdio could get. */
const asOneLine = (text: string) => text.replaceAll(/[\r\n]/g, ' ')

/** Sends a request, and checks what the server got and what the client got, byte for byte but for ids and tokens that are renamed. */
async function exchange(door: OddDoor, { text, id, token, first, answer, method, json }: OddRequest): Promise<void> {
  door.arrived()
  const sent = text(id, token)
  const name = method === 'tools/call' ? 'read_odd' : undefined
  const got = await door.post(sent, { method, name, count: first.length + 1, json })
  const arrived = door.arrived()
  const own = door.modern ? String((JSON.parse(arrived[0] ?? '{}') as { id?: unknown }).id) : null
  const expected = own === null ? sent : text(own, own)
  expect(arrived).toEqual([door.http ? asOneLine(expected) : expected])
  const filled = (template: string) => template.replaceAll('@ID@', () => id).replaceAll('@TOKEN@', () => token ?? '')
  expect(got).toEqual([...first, answer].map(filled))
}

test.for(['stdio', 'legacy', 'modern'] as const)(
  'odd requests, calls, progress and answers arrive byte for byte, both ways: %s',
  { timeout: 900_000 },
  async (name, { task }) => {
    const seed = 20261126
    const numRuns = campaign(task, { sample: 150, full: 5_000, seed })
    const door = doors[name]
    await fc.assert(
      fc.asyncProperty(oddRequest(door), (request) => exchange(door, request)),
      { numRuns, seed, interruptAfterTimeLimit: 800_000 },
    )
  },
)

test.for(['stdio', 'legacy', 'modern'] as const)(
  'odd notifications of the client arrive byte for byte: %s',
  { timeout: 900_000 },
  async (name, { task }) => {
    const seed = 20261127
    const numRuns = campaign(task, { sample: 60, full: 2_000, seed })
    const door = doors[name]
    const property = fc.asyncProperty(oddNotification(door.http), async (text) => {
      door.arrived()
      expect(await door.post(text, { method: 'notifications/odd', count: 0 })).toEqual([])
      expect(await settled(door)).toEqual([door.http ? asOneLine(text) : text])
    })
    await fc.assert(property, { numRuns, seed })
  },
)

test.for(['stdio', 'legacy'] as const)(
  'odd requests and news of the server arrive byte for byte, and so do the answers to them: %s',
  { timeout: 900_000 },
  async (name, { task }) => {
    const seed = 20261128
    const numRuns = campaign(task, { sample: 60, full: 2_000, seed })
    const door = doors[name]
    const property = fc.asyncProperty(fromServer(door.http), async ({ says, answer }: ServerSays) => {
      door.arrived()
      const base64 = Buffer.from(says).toString('base64')
      const text = `{"jsonrpc":"2.0","id":"listens","method":"odd/listen","params":{"first":["${base64}"]}}`
      const [got] = await door.post(text, { method: 'odd/listen', count: 2 })
      expect(got).toBe(says)
      if (answer !== null) expect(await door.post(answer, { method: '', count: 0 })).toEqual([])
      const expected = answer === null ? [] : [door.http ? asOneLine(answer) : answer]
      await come(door, [text, ...expected])
      expect(await settled(door)).toEqual([])
    })
    await fc.assert(property, { numRuns, seed })
  },
)

test.for(['stdio', 'legacy', 'modern'] as const)(
  'a call that holds a key twice, in whatever spelling, is refused and reaches no server: %s',
  { timeout: 900_000 },
  async (name, { task }) => {
    const seed = 20261129
    const numRuns = campaign(task, { sample: 100, full: 3_000, seed })
    const door = doors[name]
    const property = fc.asyncProperty(duplicated(door.modern), async (text) => {
      door.arrived()
      const about = { method: 'tools/call', name: 'read_odd', count: 1 }
      const answers = (await door.post(text, about)).map((line) => JSON.parse(line))
      expect(answers).toEqual([
        expect.objectContaining({
          error: expect.objectContaining({ data: expect.objectContaining({ code: 'MALFORMED_MESSAGE' }) }),
        }),
      ])
      expect(await settled(door)).toEqual([])
    })
    await fc.assert(property, { numRuns, seed })
  },
)

test.for(['stdio', 'legacy', 'modern'] as const)(
  '1 MiB and 10 MiB arrive byte for byte, both ways: %s',
  async (name) => {
    const door = doors[name]
    for (const size of [1 << 20, 10 << 20]) {
      const meta = door.modern ? `"_meta":${JSON.stringify(modernMeta)},` : ''
      const answer =
        '{"jsonrpc":"2.0","id":@ID@,"result":{"resultType":"complete","content":[{"type":"text","text":"@PAD@\\ud800é"}]}}'
      const request = (rest: string) =>
        `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{${meta}"name":"read_odd","arguments":{${rest},"answer":"${Buffer.from(answer).toString('base64')}"}}}`
      const about = { method: 'tools/call', name: 'read_odd', count: 1 }
      const long = 'é\\u0000'.repeat(size / 8)
      door.arrived()
      const small = await door.post(request(`"long":"${long}"`), about)
      expect(small).toEqual([answer.replace('@ID@', '7').replace('@PAD@', '')])
      const arrived = door.arrived()
      const own = String((JSON.parse(arrived[0] ?? '{}') as { id?: unknown }).id)
      expect(arrived[0] === request(`"long":"${long}"`).replace('"id":7', `"id":${own}`)).toBe(true)
      const [large] = await door.post(request(`"pad":${size}`), about)
      expect(large === answer.replace('@ID@', '7').replace('@PAD@', 'x'.repeat(size))).toBe(true)
    }
  },
)
