import { Worker } from 'node:worker_threads'
import { afterEach, expect, test } from 'vitest'
import { askThread, TookTooLong } from '../../src-main/core/ask-thread.ts'

const program = `
const { parentPort } = require('node:worker_threads')
parentPort.on('message', (what) => {
  if (what === 'loop') for (;;);
  if (what === 'end') process.exit(0)
  if (what === 'fail') throw new Error('it failed')
  if (what !== 'silence') parentPort.postMessage('said ' + what)
})`

const threads: Worker[] = []
afterEach(async () => {
  await Promise.all(threads.splice(0).map((thread) => thread.terminate()))
})

function started(): Worker {
  const thread = new Worker(program, { eval: true })
  threads.push(thread)
  return thread
}

const patience = { ownMs: 10_000, ms: 60_000 }

test('a thread answers one question after the other', async () => {
  const thread = started()
  expect(await askThread(thread, 'one', patience)).toBe('said one')
  expect(await askThread(thread, 'two', patience)).toBe('said two')
})

test('one that computes on and on is given up for its own time, one that says nothing by the clock', async () => {
  const thread = started()
  await askThread(thread, 'one', patience)
  await expect(askThread(thread, 'silence', { ownMs: 10_000, ms: 50 })).rejects.toThrow(TookTooLong)
  await expect(askThread(thread, 'loop', { ownMs: 50, ms: 1_000_000 })).rejects.toThrow(TookTooLong)
})

test.each(['end', 'fail'])('one that has to %s answers with an error', async (what) => {
  await expect(askThread(started(), what, patience)).rejects.toBeDefined()
})
