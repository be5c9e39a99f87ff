import { afterEach, expect, test } from 'vitest'
import type { CallEntry, StoredEntry } from '../../shared/audit.ts'
import { simplePolicy } from '../fakes/gateway.ts'
import { modernMeta } from '../fakes/http-client.ts'
import type { RawClient } from '../fakes/raw-client.ts'
import { answering, saying, startOdd } from '../fakes/traffic.ts'

let odd: Awaited<ReturnType<typeof startOdd>>
let client: RawClient
afterEach(() => odd.gateway.close())

async function begin(options: Parameters<typeof startOdd>[1] = {}): Promise<void> {
  odd = await startOdd(simplePolicy(), options)
  client = await odd.connect()
}

const key = 'ghp_aB3dE5gH7jK9mN1pQ3sT5vW7xY9zA2cD4fG6'
const state = { status: 'working', ttl: 60_000, createdAt: '2026-01-01T00:00:00Z' }
const result = { content: [{ type: 'text', text: `the key is ${key}` }] }

/** The call of the tool, first entry. */
const made = () =>
  odd.gateway
    .entries()
    .find((entry): entry is StoredEntry & CallEntry => entry.kind === 'call' && entry.tool_name === 'read_odd')

test.for([
  ['2025-11-25', false, 'tasks/result', { task: { taskId: 't-1', ...state } }, result],
  [
    '2026-07-28',
    true,
    'tasks/get',
    { resultType: 'task', taskId: 't-1', ...state },
    { taskId: 't-1', status: 'completed', result },
  ],
] as const)(
  'the result of a task is scanned when it is fetched, and recorded under the call that made it: %s',
  async ([, modern, method, handle, fetched]) => {
    await begin({ modern })
    const meta = modern ? { _meta: modernMeta } : {}
    await client.request('tools/call', { name: 'read_odd', arguments: answering(handle), task: { ttl: 1 }, ...meta })
    const answer = await client.request(method, { taskId: 't-1', ...answering(fetched), ...meta })
    expect(JSON.stringify(answer)).toContain('the key is [masked: github-token]')
    const [decided, , closed] = odd.calls('task')
    expect(decided).toMatchObject({
      method,
      tool_name: 'read_odd',
      correlation_id: made()?.call_id,
      policy_decision: 'ALLOW',
    })
    expect(closed).toMatchObject({ outcome: 'executed', dlp_result: 'masked' })
  },
)

test('the task of another client, or of nobody, is refused and never asked about; lists show only what this session made', async () => {
  await begin()
  await client.request('tools/call', { name: 'read_odd', arguments: answering({ task: { taskId: 't-1', ...state } }) })
  const other = await odd.connect()
  for (const method of ['tasks/get', 'tasks/result', 'tasks/cancel', 'tasks/update']) {
    const { error } = await other.request(method, { taskId: 't-1' })
    expect(error?.data?.code).toBe('TASK_UNKNOWN')
    expect(odd.arrived()).not.toContain(method)
  }
  const tasks = {
    tasks: [
      { taskId: 't-1', ...state },
      { taskId: 't-2', ...state },
    ],
  }
  expect((await client.request('tasks/list', answering(tasks))).result).toMatchObject({ tasks: [{ taskId: 't-1' }] })
  expect((await other.request('tasks/list', answering(tasks))).result).toMatchObject({ tasks: [] })
})

test('a server may follow the task that its question became at the client, and no other', async () => {
  odd = await startOdd(
    'version: v1\nrules:\n  - { id: all, match: { labels: { mcp.server: "*" } }, decision: ALLOW }\n',
  )
  client = await odd.connect()
  const ask = (id: string, method: string, params: object) => client.request('odd/asks', saying({ id, method, params }))
  await ask('s-1', 'sampling/createMessage', { messages: [], task: {} })
  await client.line((line) => line.includes('"s-1"'))
  client.write(JSON.stringify({ jsonrpc: '2.0', id: 's-1', result: { task: { taskId: 'c-1', ...state } } }))
  await expect.poll(() => odd.got('c-1')).toHaveLength(1)
  await ask('s-2', 'tasks/result', { taskId: 'c-1' })
  await client.line((line) => line.includes('"s-2"'))
  await ask('s-3', 'tasks/result', { taskId: 'c-2' })
  await expect.poll(() => odd.got('"id":"s-3"').some((line) => line.includes('TASK_UNKNOWN'))).toBe(true)
  expect(client.lines.some((line) => line.includes('"s-3"'))).toBe(false)
})
