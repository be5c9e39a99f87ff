import { type AnswerReader, createAnswerReader } from '../src-main/core/answers/answer-reader.ts'
import { lookThrough } from '../src-main/core/answers/look-through.ts'
import { effortAfter } from '../src-main/core/envelope/effort.ts'
import { hostsIn } from '../src-main/core/envelope/hosts.ts'
import { pathsIn } from '../src-main/core/envelope/paths.ts'
import { exactOf } from '../src-main/core/json/exact.ts'
import { type Message, messageIn, parseMessage } from '../src-main/core/json/message.ts'
import { type Span, textOf } from '../src-main/core/json/spans.ts'
import { scanText } from '../src-main/core/safety/scan.ts'
import { median } from './statistics.ts'

/**
 * Hostile input of one kind: how many ms of its own processor time the thread that answers everybody gives at most to the worst of it, and
 * which that is. On a machine that does nothing else this is how long others wait.
 */
export type Stall = { what: string; worst: string; ms: number }

const MiB = 1 << 20

function repeated(part: string, length = MiB): string {
  return part.repeat(Math.floor(length / part.length))
}

function listed(part: (index: number) => string): string[] {
  const found: string[] = []
  for (let length = 0; length < MiB; length += (found.at(-1)?.length ?? 0) + 3) found.push(part(found.length))
  return found
}

/** 1 MiB each: what costs most to read, to scan and to look through for paths. */
export const argumentsOf: Record<string, unknown> = {
  'new names': Object.fromEntries(listed((index) => index.toString(36)).map((name) => [name, 1])),
  'empty lists': Array.from({ length: MiB / 3 }, () => []),
  rows: Array.from({ length: 17_000 }, (_, id) => ({ id, name: `name ${id}`, at: '2026-01-01T00:00:00Z' })),
  'numbers with many digits': listed((index) => `${index}1234567890123456`).map(Number),
  prose: { text: repeated('Some words. And others, as people write them: "quoted", too.\n') },
  times: listed((index) => new Date(1.7e12 + index * 1000).toISOString()),
  'words of a command': { command: listed((index) => `x${index}`).join(' ') },
  'home folders': { text: repeated('~/ ') },
  names: { rows: listed((index) => `n${index}`) },
  'members that look like paths': Object.fromEntries(listed((index) => `k/${index}`).map((name) => [name, 1])),
  'escapes of escapes': { path: repeated('%25252f/..') },
  'paths in JSON in a string': { text: JSON.stringify(listed((index) => `/a${index}`)) },
  'addresses of the web': { text: listed((index) => `http://a${index}.b/c`).join(' ') },
  'upward steps': { path: repeated('../') },
  secrets: { text: repeated('token=a1b2c3d4e5f6g7h8i9j0 ') },
}

/** Almost 4 MiB each: what costs most to mask, to count and to cut. */
const answers: Record<string, unknown> = {
  secrets: { content: [{ type: 'text', text: repeated('token=a1b2c3d4e5f6g7h8i9j0 ', 4 * MiB - 200) }] },
  'members with lists': {
    structuredContent: Object.fromEntries(Array.from({ length: 150_000 }, (_, index) => [`k${index}`, [{}]])),
  },
  'texts of JSON': { content: Array.from({ length: 140_000 }, () => ({ type: 'text', text: '[1]' })) },
}
const bounds = { constraints: { max_rows: 5 }, rules: [], sqlRows: false }

/** Each of them `rounds` times; of arguments with the reading of their message, of answers without. */
export async function measureStalls(rounds: number): Promise<Stall[]> {
  const looked = Object.entries(argumentsOf).map(([worst, args]) => {
    const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'x', arguments: { v: args } } }
    const line = Buffer.from(JSON.stringify(call))
    return { worst, ms: timed(rounds, () => look(line)) }
  })
  const lines = Object.entries(answers).map(([worst, result]) => ({
    worst,
    answer: parseMessage(Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 1, result }))),
  }))
  const here = lines.map(({ worst, answer }) => ({ worst, ms: timed(rounds, () => lookThrough(answer, bounds)) }))
  const reader = createAnswerReader()
  try {
    const there = []
    for (const { worst, answer } of lines) there.push({ worst, ms: await beside(rounds, reader, answer) })
    return [
      { what: 'arguments of 1 MiB', ...longest(looked) },
      { what: 'answers of 4 MiB', ...longest(there) },
      { what: 'the same without a thread', ...longest(here) },
    ]
  } finally {
    reader.close()
  }
}

/** What a call costs before it is decided, or until it is refused. */
function look(line: Buffer): void {
  const message = messageIn(line, 'client')
  if (!message) return
  const text = textOf(line, message.spans.get('params') as Span)
  scanText(text)
  const args = exactOf(text, message.json.params)
  if (pathsIn(args, ['/srv'], effortAfter(message)).complete) hostsIn(args)
}

function timed(rounds: number, act: () => unknown): number {
  const times = Array.from({ length: rounds }, () => {
    const before = process.threadCpuUsage()
    act()
    return ownMsSince(before)
  })
  return median(times)
}

/** What is done in this thread at both ends, taken as if it were done at once. */
async function beside(rounds: number, reader: AnswerReader, answer: Message): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const before = process.threadCpuUsage()
    await reader.read(answer, bounds)
    times.push(ownMsSince(before))
  }
  return median(times)
}

function ownMsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1000
}

function longest(found: readonly { worst: string; ms: number }[]): { worst: string; ms: number } {
  return found.reduce((most, one) => (one.ms > most.ms ? one : most))
}
