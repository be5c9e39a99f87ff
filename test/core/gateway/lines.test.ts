import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { createLineSplitter } from '../../../src-main/core/gateway/lines.ts'

function splitInto(limit = 1 << 20) {
  const lines: Buffer[] = []
  const tooLong: { seen: number; head: string }[] = []
  const splitter = createLineSplitter({
    limit,
    onLine: (line) => lines.push(Buffer.from(line)),
    onTooLong: (seen, head) => tooLong.push({ seen, head: head.toString('latin1') }),
  })
  return { ...splitter, lines, tooLong, text: () => lines.map((line) => line.toString('latin1')) }
}

/** Random binary text with a line feed now and then. */
function sample(length: number): Buffer {
  const bytes = randomBytes(length)
  for (let at = 0; at < length; at++) if (bytes[at] === 0x0a && at % 3 !== 0) bytes[at] = 0x20
  return bytes
}

test.each([1, 2, 3, 7, 64, 1000, 100_000])('cuts the same lines whatever the chunks: %i bytes each', (step) => {
  const bytes = Buffer.concat([sample(5000), Buffer.from('\n\r\n\n'), sample(5000), Buffer.from('\nrest')])
  const split = splitInto()
  for (let at = 0; at < bytes.length; at += step) split.push(bytes.subarray(at, at + step))

  const expected = bytes.toString('latin1').split('\n')
  expect(split.text()).toEqual(expected.slice(0, -1))
  expect(split.rest().toString()).toBe('rest')
})

test('lines gathered over chunks stay as they were after later lines', () => {
  const kept: Buffer[] = []
  const { push } = createLineSplitter({ limit: 100, onLine: (line) => kept.push(line), onTooLong: () => {} })
  for (const part of ['aa', 'aa\nbb', 'bb\ncc', 'cc\n']) push(Buffer.from(part))
  expect(kept.map(String)).toEqual(['aaaa', 'bbbb', 'cccc'])
})

test.each([1, 3, 50])('skips a line over the limit and goes on, in chunks of %i', (step) => {
  const split = splitInto(10)
  const bytes = Buffer.from('1234567890\n12345678901\nok\n12345678901234567890123\nend\n')
  for (let at = 0; at < bytes.length; at += step) split.push(bytes.subarray(at, at + step))

  expect(split.text()).toEqual(['1234567890', 'ok', 'end'])
  expect(split.tooLong).toHaveLength(2)
  for (const { seen, head } of split.tooLong) {
    expect(seen).toBeGreaterThan(10)
    expect('12345678901234567890123'.startsWith(head)).toBe(true)
  }
})

test('says that a line is too long before it ends, once, with its head', () => {
  const split = splitInto(100_000)
  split.push(Buffer.from(`{"id":7,${'x'.repeat(60_000)}`))
  expect(split.tooLong).toEqual([])
  split.push(Buffer.alloc(60_000, 'x'))
  split.push(Buffer.alloc(60_000, 'x'))
  expect(split.tooLong).toEqual([{ seen: 120_008, head: `{"id":7,${'x'.repeat(4088)}` }])
  split.push(Buffer.from('\nnext\n'))
  expect(split.text()).toEqual(['next'])
})

test('a line of several large chunks is put together, and what follows in the last of them is a line of its own', () => {
  const kept: Buffer[] = []
  const { push } = createLineSplitter({ limit: 1 << 20, onLine: (line) => kept.push(line), onTooLong: () => {} })
  const last = Buffer.from(`c\n${'d'.repeat(10_000)}\n`)
  for (const chunk of [Buffer.alloc(65_536, 'a'), Buffer.alloc(65_536, 'b'), last]) push(chunk)
  expect(kept.map(String)).toEqual([`${'a'.repeat(65_536)}${'b'.repeat(65_536)}c`, 'd'.repeat(10_000)])
})

test.each([
  [80 << 20, 64 << 10],
  [4 << 20, 16],
])('gathers a line of %i bytes from chunks of %i in linear time', (total, chunk) => {
  const part = Buffer.alloc(chunk, 'x')
  const timed = (run: () => void): number => {
    const start = performance.now()
    run()
    return performance.now() - start
  }
  const floor = timed(() => {
    const whole = Buffer.alloc(total)
    for (let at = 0; at < total; at += chunk) part.copy(whole, at)
  })
  const split = splitInto(1 << 30)
  const taken = timed(() => {
    for (let at = 0; at < total; at += chunk) split.push(part)
    split.push(Buffer.from('\n'))
  })
  expect(split.lines[0]?.length).toBe(total)
  // Copying all that came with every chunk would take some hundred times the floor.
  expect(taken / floor).toBeLessThan(40)
})
