import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { campaign } from '../fakes/campaign.ts'
import { simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import { legacyClient, tokenFor } from '../fakes/http-client.ts'
import type { RawClient } from '../fakes/raw-client.ts'
import { legacyDoor, modernDoor, type OddDoor, stdioDoor } from './odd-doors.ts'
import { type OddRequest, oddRequest } from './odd-messages.ts'

let gateway: TestGateway
let client: RawClient
let doors: Record<'stdio' | 'legacy' | 'modern', OddDoor>

beforeAll(async () => {
  gateway = await startGateway({ policy: simplePolicy(), http: { port: 0 } })
  const logs = { stdio: 'stdio.log', http: 'http.log', modern: 'modern.log' }
  const log = (name: keyof typeof logs) => join(gateway.folder, logs[name])
  for (const name of ['stdio', 'http', 'modern'] as const) writeFileSync(log(name), '')
  await gateway.addServer('odd-stdio', 'odd-server', { ODD_LOG: log('stdio') })
  await gateway.addServer('odd', 'odd-server', { ODD_LOG: log('http') })
  await gateway.addServer('odd-modern', 'odd-server', { ODD_LOG: log('modern'), ODD_MODERN: '1' })
  client = gateway.connect('odd-stdio')
  await client.initialize()
  const port = gateway.core.httpPort ?? 0
  const { token } = await tokenFor(gateway.core)
  const { session } = await legacyClient(port, token, 'odd')
  doors = {
    stdio: stdioDoor(client, log('stdio')),
    legacy: legacyDoor({ port, token, log: log('http') }, session),
    modern: modernDoor({ port, token, log: log('modern') }),
  }
})
afterAll(() => gateway.close())

/** Line ends are no part of a message that a server over stdio could get. */
const asOneLine = (text: string) => text.replaceAll(/[\r\n]/g, ' ')

/** Sends a request, and checks what the server got and what the client got, byte for byte but for ids and tokens that are renamed. */
async function exchange(door: OddDoor, { text, id, token, first, answer, method, json }: OddRequest): Promise<void> {
  door.arrived()
  const sent = text(id, token)
  const got = await door.post(sent, { method, count: first.length + 1, json })
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
