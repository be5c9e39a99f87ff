import { createAnswerReader } from '../src-main/core/answers/answer-reader.ts'
import { lookThrough } from '../src-main/core/answers/look-through.ts'
import { messageIn, parseMessage } from '../src-main/core/json/message.ts'
import type { Look } from '../src-main/core/pipeline/look-into.ts'
import { createRequestReader } from '../src-main/core/pipeline/request-reader.ts'
import { calledTool } from '../src-main/core/pipeline/subject.ts'
import { decide } from '../src-main/core/policy/precedence.ts'
import { allFine, envelope } from '../test/core/policy/call.ts'
import { conditions, hostileConditions, hostilePatterns } from '../test/core/policy/hostile-calls.ts'
import { median } from './statistics.ts'

/**
 * Hostile input of one kind: how many ms of its own processor time the thread that answers everybody gives at most to the worst of it, and
 * which that is. On a machine that does nothing else this is how long others wait.
 */
export type Stall = Measured & { what: string }
type Measured = { worst: string; ms: number }

const MiB = 1 << 20

function repeated(part: string, length: number): string {
  return part.repeat(Math.floor(length / part.length))
}

function listed(part: (index: number) => string, length: number): string[] {
  const found: string[] = []
  for (let sum = 0; sum < length; sum += (found.at(-1)?.length ?? 0) + 3) found.push(part(found.length))
  return found
}

/** What costs most to read, to scan and to look through for paths, as long as is asked. */
const argumentsOf: Record<string, (length: number) => unknown> = {
  'new names': (length) => Object.fromEntries(listed((index) => index.toString(36), length).map((name) => [name, 1])),
  'empty lists': (length) => Array.from({ length: length / 3 }, () => []),
  rows: (length) =>
    Array.from({ length: length / 62 }, (_, id) => ({ id, name: `name ${id}`, at: '2026-01-01T00:00:00Z' })),
  'numbers with many digits': (length) => listed((index) => `${index + 1}1234567890123456`, length).map(Number),
  prose: (length) => ({ text: repeated('Some words. And others, as people write them: "quoted", too.\n', length) }),
  times: (length) => listed((index) => new Date(1.7e12 + index * 1000).toISOString(), length),
  'words of a command': (length) => ({ command: listed((index) => `x${index}`, length).join(' ') }),
  'home folders': (length) => ({ text: repeated('~/ ', length) }),
  names: (length) => ({ rows: listed((index) => `n${index}`, length) }),
  'members that look like paths': (length) =>
    Object.fromEntries(listed((index) => `k/${index}`, length).map((name) => [name, 1])),
  'escapes of escapes': (length) => ({ path: repeated('%25252f/..', length) }),
  'paths in JSON in a string': (length) => ({ text: JSON.stringify(listed((index) => `/a${index}`, length)) }),
  'addresses of the web': (length) => ({ text: listed((index) => `http://a${index}.b/c`, length).join(' ') }),
  'upward steps': (length) => ({ path: repeated('../', length) }),
  secrets: (length) => ({ text: repeated('token=a1b2c3d4e5f6g7h8i9j0 ', length) }),
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

/** Each of them `rounds` times; of arguments what is done in one turn for itself, of answers without the reading of their message. */
export async function measureStalls(rounds: number): Promise<Stall[]> {
  const calls = Object.entries(argumentsOf).map(([worst, args]) => ({ worst, line: longestRead(args) }))
  const reading = calls.map(({ worst, line }) => ({ worst, ms: timed(rounds, () => readCall(line)) }))
  const lines = Object.entries(answers).map(([worst, result]) => ({
    worst,
    answer: parseMessage(Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 1, result }))),
  }))
  const here = lines.map(({ worst, answer }) => ({ worst, ms: timed(rounds, () => lookThrough(answer, bounds)) }))
  const [requests, answerReader] = [createRequestReader(['/srv/own']), createAnswerReader()]
  try {
    const looking: Measured[] = []
    const there: Measured[] = []
    for (const { worst, line } of calls) {
      const look = readCall(line)
      looking.push({ worst, ms: await ownMs(rounds, () => requests.look(look)) })
    }
    for (const { worst, answer } of lines) {
      there.push({ worst, ms: await ownMs(rounds, () => answerReader.read(answer, bounds)) })
    }
    return [
      { what: 'arguments of 1 MiB, reading', ...longest(reading) },
      { what: 'arguments of 1 MiB, looking into', ...longest(looking) },
      { what: 'conditions and patterns of a policy', ...longest(deciding(rounds)) },
      { what: 'answers of 4 MiB', ...longest(there) },
      { what: 'the same without a thread', ...longest(here) },
    ]
  } finally {
    requests.close()
    answerReader.close()
  }
}

/** Decisions for which the rules need more work than one may have, so that it is refused. */
function deciding(rounds: number): Measured[] {
  const calls = [
    ...hostileConditions.map(([worst, when, parts]) => ({ worst, snapshot: conditions(800, when), parts })),
    ...hostilePatterns.map(([worst, snapshot, parts]) => ({ worst, snapshot, parts })),
  ]
  return calls.map(({ worst, snapshot, parts }) => {
    const call = envelope(parts)
    return { worst, ms: timed(rounds, () => decide(call, snapshot, allFine)) }
  })
}

/** A call with as much of it as is read, at most 1 MiB. */
function longestRead(args: (length: number) => unknown): Buffer {
  for (let length = MiB; ; length -= MiB / 64) {
    const params = { name: 'x', arguments: { v: args(length) } }
    const line = Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }))
    if (messageIn(line, 'client')) return line
  }
}

/** What is done with a call in the turn in which it comes in. */
function readCall(line: Buffer): Look {
  const subject = calledTool(parseMessage(line, 'client'))
  return {
    texts: [subject.argumentsText],
    client: 'one',
    asked: { ...subject, from: 'client' },
    reviewed: true,
    bases: ['/srv'],
  }
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
async function ownMs(rounds: number, act: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const before = process.threadCpuUsage()
    await act()
    times.push(ownMsSince(before))
  }
  return median(times)
}

function ownMsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1000
}

function longest(found: readonly Measured[]): Measured {
  return found.reduce((most, one) => (one.ms > most.ms ? one : most))
}
