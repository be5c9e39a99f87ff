import { afterAll, beforeAll, expect, test } from 'vitest'
import { simplePolicy, startGateway, type TestGateway } from '../../fakes/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startGateway({ policy: simplePolicy() })
  await gateway.addServer('notes', 'notes-server')
})
afterAll(() => gateway.close())

test.each([
  ['lines in a text', { text: '\n'.repeat(100_001) }],
  ['values', { text: 'a', list: Array(100_001).fill(0) }],
  ['characters', { text: 'a'.repeat(1_048_577) }],
])('a call with more %s than a person can see is refused at once', async (_what, args) => {
  const client = gateway.connect('notes')
  await client.initialize()
  const { outcome, text } = await client.call('write_note', args)
  expect(outcome).toBe('MESSAGE_TOO_LARGE')
  expect(text).toContain('too long for a person to see in full')
})

test.each([
  ['lines', { text: '\n'.repeat(99_000) }],
  ['commas in a text', { text: ','.repeat(900_000) }],
])('one with as many %s as can be seen is asked for', async (_what, args) => {
  const client = gateway.connect('notes')
  await client.initialize()
  const outcome = client.call('write_note', args)
  const view = await gateway.pending('write_note')
  expect(JSON.parse(view.arguments)).toEqual(args)
  await gateway.answer(view, 'deny')
  expect((await outcome).outcome).toBe('APPROVAL_DENIED')
})
