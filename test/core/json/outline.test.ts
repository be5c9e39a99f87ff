import { expect, test } from 'vitest'
import type { ToolgateError } from '../../../shared/errors.ts'
import { type Message, parseMessage, type Sender } from '../../../src-main/core/json/message.ts'
import { mostWork, outlineOf } from '../../../src-main/core/json/outline.ts'

/** What takes long to read is refused before it is read. Counted is work, not time, which would measure who else uses this machine. */
const MiB = 1 << 20

function repeated(part: string): string {
  return part.repeat(Math.floor(MiB / part.length))
}

function listed(part: (index: number) => string): string {
  const found: string[] = []
  for (let length = 0; length < MiB; length += (found.at(-1)?.length ?? 0) + 1) found.push(part(found.length))
  return found.join(',')
}

function call(args: string): Buffer {
  return Buffer.from(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"x","arguments":{"v":${args}}}}`)
}

function answer(result: string): Buffer {
  return Buffer.from(`{"jsonrpc":"2.0","id":1,"result":{"v":${result}}}`)
}

/** The code of why it is not read, or null. */
function refusal(line: Buffer, from: Sender): string | null {
  try {
    return (parseMessage(line, from) satisfies Message) && null
  } catch (error) {
    return (error as ToolgateError).code
  }
}

const name = (index: number) => index.toString(36)
const tooLong: [string, string][] = [
  ['new names', `{${listed((index) => `"${name(index)}":1`)}}`],
  ['new names with escapes', `{${listed((index) => `"\\u0041${name(index)}":1`)}}`],
  ['objects of new names', `[${listed((index) => `{"${name(index)}":1}`)}]`],
  ['small objects', `[${listed(() => '{"a":1}')}]`],
  ['empty lists', `[${listed(() => '[]')}]`],
  ['empty objects', `[${listed(() => '{}')}]`],
  ['empty strings', `[${listed(() => '""')}]`],
  ['new short strings', `[${listed((index) => `"${name(index)}"`)}]`],
  ['digits', `[${listed(() => '1')}]`],
  ['exponents', `[${listed((index) => `${index}e1`)}]`],
  ['numbers with many digits', `[${listed((index) => `${index + 1}1234567890123456`)}]`],
  ['lists in lists', '['.repeat(MiB / 2) + ']'.repeat(MiB / 2)],
  ['objects in objects', `${'{"a":'.repeat(MiB / 6)}1${'}'.repeat(MiB / 6)}`],
]

test.each(tooLong)('a request with 1 MiB of %s is not read', (_, json) => {
  expect(refusal(call(json), 'client')).toBe('MESSAGE_TOO_LARGE')
  expect(refusal(call(json), 'server')).toBe('MESSAGE_TOO_LARGE')
})

test.each(tooLong)('an answer of a client with 1 MiB of %s is not read either, one of a server is', (_, json) => {
  expect(refusal(answer(json), 'client')).toBe('MESSAGE_TOO_LARGE')
  expect(refusal(answer(json), 'server')).toBe(null)
})

test.each([
  ['text', JSON.stringify(repeated('Some words, "quoted" ones too.\n'))],
  ['escapes', `"${repeated('\\u0041')}"`],
  ['base64', JSON.stringify(Buffer.alloc(MiB / 2, 'some bytes').toString('base64'))],
  ['rows of a table', `[${listed((index) => `{"id":${index},"name":"name ${index}","at":"2026-01-01T00:00:00Z"}`)}]`],
  ['coordinates', `[${listed((index) => `0.${100_000_000 + index}`)}]`],
  ['answers to yes or no', `[${listed(() => 'true')}]`],
  ['white space', `[${repeated(' ')}]`],
])('a request with 1 MiB of %s is read', (_, json) => {
  expect(refusal(call(json), 'client')).toBe(null)
})

test('what hides its method is counted as what it is', () => {
  const [, json] = tooLong[0] as [string, string]
  for (const key of ['"method"', '"m\\u0065thod"', '"Method"', ' "method" ']) {
    const line = Buffer.from(`{"jsonrpc":"2.0","id":1,${key}:"tools/list","params":{"v":${json}}}`)
    expect(refusal(line, 'server')).toBe('MESSAGE_TOO_LARGE')
  }
})

test('parts that come again and again take no longer than other members', () => {
  const line = (name: string) =>
    Buffer.from(
      `{${'"a":1,'.repeat(20_000)}${`"${name}":{},`.repeat(20_000)}"params":{${'"arguments":{},'.repeat(20_000)}"b":1}}`,
    )
  const time = (bytes: Buffer) => {
    const began = process.threadCpuUsage()
    outlineOf(bytes)
    const { user, system } = process.threadCpuUsage(began)
    return user + system
  }
  const others = Math.min(...Array.from({ length: 3 }, () => time(line('parama'))))
  const again = Math.min(...Array.from({ length: 3 }, () => time(line('params'))))
  // Comparing each with all before it takes a hundred times as long.
  expect(again).toBeLessThan(10 * others + 20_000)
})

test('names cost once, and counting ends at its limit', () => {
  const rows = (part: (index: number) => string) => outlineOf(call(`[${listed(part)}]`)).work
  expect(rows((index) => `{"a${index}":12345}`)).toBeGreaterThan(2 * rows(() => '{"a12345":12345}'))
  const { work } = outlineOf(call(tooLong[0]?.[1] as string), mostWork)
  expect(work).toBeLessThan(mostWork + 2_000)
})

test.each([
  ['numbers with an exponent', '1e9,'],
  ['lists in lists', '['],
  ['new strings', '"\\u0001",'],
])('what is read in any case, 64 KiB, needs less work than is refused: %s', (_, part) => {
  expect(outlineOf(Buffer.from(`[${part.repeat(65_536 / part.length)}`)).work).toBeLessThan(mostWork)
})

test('bytes that are no JSON are counted to their end', () => {
  for (const bytes of ['"', '"\\', '{"a', '{"a"', '{"a"   ', ']]]]', '', '\0']) {
    expect(outlineOf(Buffer.from(bytes)).work).toBeLessThan(1_000)
  }
})
