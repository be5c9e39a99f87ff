import { expect, test } from 'vitest'
import { CallError, failureKind } from '../../../shared/call-errors.ts'
import { calls } from '../../../shared/calls.ts'
import { ToolgateError } from '../../../shared/errors.ts'
import { controlLineLimit, dispatch, replyLine } from '../../../src-main/core/control/dispatch.ts'
import type { Door, Handlers } from '../../../src-main/core/control/handlers.ts'

const absent: Door = { name: 'terminal', present: false, pid: 7 }
const present: Door = { ...absent, present: true }

function setUp(handlers: Partial<Handlers>, door: Door = absent) {
  const logged: unknown[] = []
  const log = { info: () => {}, warn: () => {}, error: (_message: string, fields?: object) => void logged.push(fields) }
  const send = (line: string) => dispatch(line, handlers as Handlers, () => door, log)
  const ask = (call: string, input: unknown = {}) => send(JSON.stringify({ id: 3, call, input }))
  return { send, ask, logged }
}

test('a call gets its parsed input and its door, and answers with its output', async () => {
  const seen: unknown[] = []
  const { ask } = setUp({
    stop: (input, door) => {
      seen.push(input, door)
      return {}
    },
  })

  expect(await ask('stop', { reason: 'odd' })).toEqual({ id: 3, ok: true, value: {} })
  expect(seen).toEqual([{ reason: 'odd' }, absent])
})

test.each([
  ['not JSON', '{', 0, 'BAD_REQUEST'],
  ['an array', '[]', 0, 'BAD_REQUEST'],
  ['an unknown field', '{"id":1,"call":"status","input":{},"door":"window"}', 0, 'BAD_REQUEST'],
  ['an unknown call', '{"id":1,"call":"audit.delete","input":{}}', 1, 'UNKNOWN_CALL'],
  ['a name that every object has', '{"id":1,"call":"constructor","input":{}}', 1, 'UNKNOWN_CALL'],
  ['a missing input field', '{"id":1,"call":"stop","input":{}}', 1, 'BAD_INPUT'],
  ['an input field too many', '{"id":1,"call":"stop","input":{"reason":"","present":true}}', 1, 'BAD_INPUT'],
  ['a line over the limit', ' '.repeat(controlLineLimit + 1), 0, 'TOO_LARGE'],
])('%s is refused', async (_what, line, id, code) => {
  const { send } = setUp({ stop: () => ({}) }, present)
  expect(await send(line)).toMatchObject({ id, ok: false, code })
})

test('every call that the table reserves for a person is refused without one, before its handler hears of it', async () => {
  const reached: string[] = []
  const every = Object.fromEntries(Object.keys(calls).map((name) => [name, () => reached.push(name)]))
  const reserved = Object.entries(calls).filter(([, { presence }]) => presence)
  const elsewhere = reserved.filter(([, { doors }]) => !doors.some((door) => door === 'terminal')).map(([name]) => name)
  const { ask } = setUp(every as never)

  for (const [name] of reserved) {
    const code = elsewhere.includes(name) ? 'FORBIDDEN_AT_DOOR' : 'PRESENCE_REQUIRED'
    expect(await ask(name)).toMatchObject({ ok: false, code })
  }

  expect(reserved.map(([name]) => name)).toEqual(
    expect.arrayContaining([
      'resume',
      'servers.review',
      'servers.approve',
      'clients.issue',
      'approvals.answer',
      'policy.confirm',
    ]),
  )
  expect(reached).toEqual([])
})

test('failures say code, sentence and next step; what was not meant for the caller stays in the log', async () => {
  const secret = 'token-48151623'
  const { ask, logged } = setUp({
    shutdown: () => {
      throw new Error(`connect failed with ${secret}`)
    },
    stop: () => {
      throw new CallError('CONFLICT', 'it moved')
    },
    status: () => {
      throw new ToolgateError('AUDIT_UNWRITABLE', 'disk is full')
    },
  })

  const internal = await ask('shutdown')
  expect(internal).toMatchObject({ ok: false, code: 'INTERNAL' })
  expect(JSON.stringify(internal)).not.toMatch(/token-|at .*\.ts|connect failed/)
  expect(JSON.stringify(logged)).toContain('connect failed')
  expect(await ask('stop', { reason: '' })).toMatchObject({
    code: 'CONFLICT',
    message: expect.stringContaining('it moved'),
  })
  expect(await ask('status')).toMatchObject({
    code: 'AUDIT_UNWRITABLE',
    hint: expect.stringContaining('free disk space'),
  })
})

test('an output that does not fit the table is not sent', async () => {
  const { ask, logged } = setUp({ 'clients.list': () => [{ id: 'a', secret: 'x' }] as never })

  expect(await ask('clients.list')).toMatchObject({ ok: false, code: 'INTERNAL' })
  expect(logged).toHaveLength(1)
})

test('a reply is one line, and one over the limit becomes a refusal', () => {
  expect(replyLine({ id: 1, ok: true, value: 'a\nb\u2028' })).not.toContain('\n')
  expect(JSON.parse(replyLine({ id: 1, ok: true, value: 'x'.repeat(controlLineLimit) }))).toMatchObject({
    id: 1,
    code: 'TOO_LARGE',
  })
})

test('every code has a kind, and an unknown one is a plain failure', () => {
  expect(
    ['BAD_INPUT', 'PRESENCE_LOCKED', 'NOT_FOUND', 'SERVER_UNKNOWN', 'AUDIT_UNWRITABLE', 'toString'].map(failureKind),
  ).toEqual(['usage', 'refused', 'missing', 'missing', 'failed', 'failed'])
})
