import { expect, test } from 'vitest'
import { campaign } from '../fakes/campaign.ts'
import { simplePolicy, startGateway } from '../fakes/gateway.ts'
import type { RawClient } from '../fakes/raw-client.ts'
import { verifyComplaints } from './audit-trail.ts'

const MiB = 1 << 20

function repeated(part: string, length = MiB - 4096): string {
  return part.repeat(Math.floor(length / part.length))
}

/** Arguments of almost 1 MiB that take long to look through; of the first ones that is too much, and they are refused. */
const tooMuch = [
  { command: Array.from({ length: 120_000 }, (_, index) => `x${index}`).join(' ') },
  { text: repeated('a\\b/../c%25 ', MiB / 1.25) },
  { text: JSON.stringify(Array.from({ length: 60_000 }, (_, index) => `/a${index}`)) },
  { rows: Array.from({ length: 70_000 }, (_, index) => `${index} notes.t`) },
]
/** Arguments that take so long to read that they are not read. */
const unreadable = [
  Object.fromEntries(Array.from({ length: 110_000 }, (_, index) => [index.toString(36), 1])),
  { rows: Array.from({ length: 300_000 }, () => []) },
  { rows: Array.from({ length: 80_000 }, (_, index) => `n${index}.t`) },
]
const much = [
  { note: repeated('token=a1b2c3d4e5f6g7h8i9j0 ') },
  { note: repeated('4111111111111111 ') },
  { note: repeated('%25252f/..') },
  { rows: Array.from({ length: 13_000 }, (_, id) => ({ id, name: `name ${id}`, at: '2026-01-01T00:00:00Z' })) },
]

const base64 = (text: string) => Buffer.from(text).toString('base64')
const result = (inner: string) => base64(`{"jsonrpc":"2.0","id":@ID@,"result":${inner}}`)

/** What makes the server answer with almost 4 MiB that take long to mask, to count and to cut. */
const longAnswers = [
  {
    answer: result('{"content":[{"type":"text","text":"@PAD@"}]}'),
    padding: 'token=a1b2c3d4e5f6g7h8i9j0 ',
    pad: 150_000,
  },
  { answer: result('{"structuredContent":{"rows":[@PAD@[]]},"content":[]}'), padding: '[],', pad: 1_300_000 },
  { answer: result('{"structuredContent":{"rows":[@PAD@{}]},"content":[]}'), padding: '{"a":"[1]"},', pad: 340_000 },
  {
    answer: result('{"content":[@PAD@{"type":"text","text":"x"}]}'),
    padding: '{"type":"text","text":"[1]"},',
    pad: 140_000,
  },
]

test('hostile arguments and answers of one client and server leave the calls of another answered', {
  timeout: 900_000,
}, async ({ task }) => {
  const rounds = campaign(task, { sample: 1, full: 25, seed: 5 })
  const gateway = await startGateway({
    policy: simplePolicy(
      '  - { id: few, match: { labels: { mcp.server: odd } }, decision: ALLOW_WITH_CONSTRAINTS, constraints: { max_rows: 5 } }\n',
    ),
  })
  try {
    await gateway.addServer('odd', 'odd-server')
    await gateway.addServer('calm', 'odd-server')
    const [sender, asker, calm] = ['odd', 'odd', 'calm'].map((server) => gateway.connect(server)) as [
      RawClient,
      RawClient,
      RawClient,
    ]
    for (const client of [sender, asker, calm]) await client.initialize()
    let hostile = 2
    const sending = async () => {
      for (let round = 0; round < rounds; round++) {
        for (const args of tooMuch) expect((await sender.call('read_odd', args)).outcome).toBe('PROTECTED_PATH')
        for (const args of unreadable) expect((await sender.call('read_odd', args)).outcome).toBe('MESSAGE_TOO_LARGE')
        for (const args of much) expect((await sender.call('read_odd', args)).outcome).toBe('-32601')
      }
      hostile--
    }
    const asking = async () => {
      for (let round = 0; round < rounds; round++) {
        for (const answer of longAnswers) {
          const { result } = await asker.request('tools/call', { name: 'read_odd', arguments: answer })
          const text = JSON.stringify(result)
          expect(text).not.toContain('a1b2c3d4e5f6g7h8i9j0')
          if ('structuredContent' in (result ?? {})) expect(text).toContain('only 5 of')
        }
      }
      hostile--
    }
    const outcomes = new Map<string, number>()
    const calling = async () => {
      while (hostile > 0) {
        const { outcome } = await calm.call('read_odd', { answer: result('{"content":[]}') })
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
      }
    }
    await Promise.all([sending(), asking(), calling()])
    expect([...outcomes.keys()]).toEqual(['ok'])
    // More than one for each hostile message: nobody else had to wait until they were all through.
    expect(outcomes.get('ok')).toBeGreaterThan(
      rounds * (tooMuch.length + unreadable.length + much.length + longAnswers.length),
    )
    expect(verifyComplaints(gateway.paths)).toEqual([])
  } finally {
    await gateway.close()
  }
})
