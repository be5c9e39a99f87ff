import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { createAnswerReader } from '../../../src-main/core/answers/answer-reader.ts'
import { lookThrough } from '../../../src-main/core/answers/look-through.ts'
import type { ResultBounds } from '../../../src-main/core/constraints/bound-result.ts'
import { parseMessage } from '../../../src-main/core/json/message.ts'

let answers = createAnswerReader()
afterEach(() => {
  answers.close()
  answers = createAnswerReader()
})

const token = ['gl', 'pat-', 'aB3dE5gH7jK9mN1pQ3sT'].join('')
const unbounded: ResultBounds = { constraints: {}, rules: [], sqlRows: false }
const answer = (result: unknown) => parseMessage(Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 7, result })))
const texts = (text: string) => ({ content: [{ type: 'text', text }] })
const long = (text: string) => answer(texts(text.repeat(Math.ceil((300 * 1024) / text.length))))

/** What is in answers: JSON with whatever `fc` thinks of, with secrets, fields and rows in it. */
const value = fc.oneof(
  fc.jsonValue(),
  fc.array(
    fc.record({ email: fc.string(), note: fc.constantFrom(token, `\\u0041 "${token}"`, 'é', '4111 1111 1111 1111') }),
  ),
)
const bounds = fc.record({
  constraints: fc.record(
    { max_rows: fc.nat(3), mask_fields: fc.constant<string[]>(['email']), max_bytes: fc.constant(10_000_000) },
    { requiredKeys: [] },
  ),
  sqlRows: fc.boolean(),
})

test('a long answer becomes in the thread what it becomes here, whatever it holds', { timeout: 120_000 }, async () => {
  let changed = 0
  await fc.assert(
    fc.asyncProperty(value, fc.boolean(), bounds, async (value, asText, { constraints, sqlRows }) => {
      const rules = [{ id: 'r', constraints }]
      const content = [{ type: 'text', text: asText ? JSON.stringify(value) : 'x' }]
      const padding = { type: 'text', text: `${asText ? token : ''} ${'some words '.repeat(25_000)}` }
      const one = answer({ content: [...content, padding], structuredContent: { rows: value } })
      const here = lookThrough(one, { constraints, rules, sqlRows })
      const there = await answers.read(one, { constraints, rules, sqlRows })
      expect({ ...there, line: there.line.toString() }).toEqual({ ...here, line: here.line.toString() })
      if (!here.line.equals(one.raw)) changed++
    }),
    { numRuns: 60, seed: 5 },
  )
  expect(answers.running()).toBe(true)
  expect(changed).toBeGreaterThan(10)
  expect(changed).toBeLessThan(60)
})

test('a short answer needs no thread, a long one has one, and after `close` there is none', async () => {
  expect((await answers.read(answer(texts(token)), unbounded)).findings).toEqual([{ rule: 'gitlab-token', count: 1 }])
  expect(answers.running()).toBe(false)
  expect((await answers.read(long('clean '), unbounded)).findings).toEqual([])
  expect(answers.running()).toBe(false)
  const read = await answers.read(long(`${token} `), unbounded)
  expect(read.line.toString()).not.toContain(token)
  expect(read.line.toString()).toContain('[masked: gitlab-token]')
  expect(answers.running()).toBe(true)
  answers.close()
  expect(answers.running()).toBe(false)
  await expect(answers.read(long(`${token} `), unbounded)).rejects.toThrow('closed')
})

test('this thread goes on while a long answer is looked through, and does next to none of it', async () => {
  await answers.read(long(`${token} `), unbounded)
  const hostile = answer(texts('token=a1b2c3d4e5f6g7h8i9j0 '.repeat(150_000)))
  const before = process.threadCpuUsage()
  lookThrough(hostile, unbounded)
  const alone = process.threadCpuUsage(before)
  let turns = 0
  let done = false
  const begun = process.threadCpuUsage()
  const read = answers.read(hostile, unbounded).finally(() => {
    done = true
  })
  while (!done) {
    turns++
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  const own = process.threadCpuUsage(begun)
  expect((await read).findings[0]?.count).toBe(150_000)
  expect(turns).toBeGreaterThan(5)
  expect(own.user).toBeLessThan(alone.user)
})

test('what cannot be looked through is refused, and the next answer is not harmed by it', async () => {
  const noId = parseMessage(Buffer.from(`{"jsonrpc":"2.0","error":{"code":1,"message":"${'x'.repeat(300_000)}"}}`))
  await expect(answers.read(noId, unbounded)).rejects.toThrow('no id')
  expect((await answers.read(long(`${token} `), unbounded)).findings[0]?.rule).toBe('gitlab-token')
})

test('long answers take turns; of too many the last ones are refused', { timeout: 60_000 }, async () => {
  const one = long(`${token} `)
  const read = await Promise.allSettled(Array.from({ length: 70 }, () => answers.read(one, unbounded)))
  expect(read.slice(0, 64).every(({ status }) => status === 'fulfilled')).toBe(true)
  expect(read.slice(64).every(({ status }) => status === 'rejected')).toBe(true)
})
