import { expect, test } from 'vitest'
import { createInOrder } from '../../src-main/core/gateway/in-order.ts'

function written(lines: Buffer[]): { delivered: number; release: () => void; all: () => number } {
  const delivered: Buffer[] = []
  const order = createInOrder((line) => delivered.push(line))
  const release = order.hold()
  for (const line of lines) order.take(line)
  return { delivered: delivered.length, release, all: () => delivered.length }
}

test('what a server writes while its question is decided waits for that, in order', () => {
  const { delivered, release, all } = written([Buffer.from('a'), Buffer.from('b')])
  expect(delivered).toBe(0)
  release()
  expect(all()).toBe(2)
})

test('neither many lines nor long ones fill our memory meanwhile', () => {
  expect(written(Array.from({ length: 1_500 }, () => Buffer.from('a'))).delivered).toBe(500)
  const mebibyte = Buffer.alloc(1024 * 1024)
  expect(written(Array.from({ length: 20 }, () => mebibyte)).delivered).toBe(4)
})
