import { expect, test } from 'vitest'
import { createHeldUp } from '../../src-main/core/http/held-up.ts'

const limits = { queued_messages: 3, max_message_bytes: 1_000 }
const heldUp = () => createHeldUp({ of: (name: keyof typeof limits) => limits[name] } as never)

test('while the server takes everything, nothing waits and nothing is full', async () => {
  const held = heldUp()
  expect(held.full(10_000)).toBeNull()
  await held.wait(10_000)
})

test('messages wait in number and in bytes up to their limits, and go on together once the server takes more', async () => {
  const held = heldUp()
  const { promise, resolve } = Promise.withResolvers<void>()
  held.until(promise)
  const gone: string[] = []
  const wait = (name: string, length: number) => held.wait(length).then(() => gone.push(name))
  const waiting = [wait('a', 600)]
  expect(held.full(401)).toBe('`max_message_bytes` is 1000, of all that wait')
  expect(held.full(400)).toBeNull()
  waiting.push(wait('b', 200), wait('c', 0))
  expect(held.full(0)).toBe('`queued_messages` is 3')
  await Promise.resolve()
  expect(gone).toEqual([])
  resolve()
  await Promise.all(waiting)
  expect(gone).toEqual(['a', 'b', 'c'])
  expect(held.full(10_000)).toBeNull()
})

test('what has to be waited for twice is waited for twice', async () => {
  const held = heldUp()
  const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  held.until(first.promise)
  held.until(second.promise)
  let gone = false
  const waiting = held.wait(1).finally(() => {
    gone = true
  })
  first.resolve()
  await new Promise((resolve) => setImmediate(resolve))
  expect([gone, held.full(1_001)]).toEqual([false, '`max_message_bytes` is 1000, of all that wait'])
  second.resolve()
  await waiting
  expect(gone).toBe(true)
})
