import { Client as ModernClient } from '@modelcontextprotocol/client'
import { StdioClientTransport as ModernTransport } from '@modelcontextprotocol/client/stdio'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import {
  ResourceUpdatedNotificationSchema,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js'
import { expect, onTestFinished, test, vi } from 'vitest'
import { person } from '../fakes/gateway.ts'
import { until } from '../fakes/processes.ts'
import { type Bridged, bridged, said } from './pairs.ts'

/** Process ids of what serves the client of a pair. */
async function processes({ gateway }: Bridged): Promise<number[]> {
  const [view] = await gateway.core.handlers['servers.runs']({}, person)
  return (view?.processes ?? []).flatMap(({ pid }) => pid ?? [])
}

/** Ends the server's process while `wait_forever` is with it, and gives what its caller hears. */
async function killedDuring(pair: Bridged, call: (name: string) => Promise<unknown>): Promise<string> {
  const waiting = call('wait_forever').then(
    (result) => JSON.stringify(result),
    (error: unknown) => String(error),
  )
  await until('the call is with its server', () => pair.gateway.states('wait_forever').includes('forwarding'))
  const [pid = 0] = await processes(pair)
  process.kill(pid, 'SIGKILL')
  return waiting
}

/** Runs a request while the wait before another process is cut short. */
async function hurried<T>({ advance }: Bridged, request: Promise<T>): Promise<T> {
  let over = false
  const done = request.finally(() => {
    over = true
  })
  await until('it is answered', () => {
    advance(100)
    return over
  })
  return done
}

test('the session of an older client goes on when its server of 2026-07-28 ends: what was open is answered, the rest is there again', async () => {
  const pair = await bridged('modern-only-server', 'stdio')
  const client = new Client({ name: 'sdk-v1', version: '1' }, { capabilities: {} })
  const heard: string[] = []
  client.setNotificationHandler(ToolListChangedNotificationSchema, () => void heard.push('tools'))
  client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => void heard.push(params.uri))
  await client.connect(new StdioClientTransport({ ...pair.shim, stderr: 'inherit' }))
  onTestFinished(() => client.close())
  const call = async (name: string) => said(await client.callTool({ name, arguments: { text: 'noon' } }))
  await client.subscribeResource({ uri: 'mem://watched' })
  const before = await processes(pair)

  expect(await killedDuring(pair, call)).toContain('SERVER_EXITED')
  heard.length = 0
  expect(await hurried(pair, call('read_time'))).toBe('read_time of noon in the modern era')
  const after = await processes(pair)
  expect(after).toHaveLength(1)
  expect(after).not.toEqual(before)
  await vi.waitFor(() => expect(heard).toContain('tools'), 5_000)

  // It was decided again that the client watches this, and the new process was told.
  const watches = () => pair.gateway.states('mem://watched').filter((state) => state.startsWith('decided'))
  await vi.waitFor(() => expect(watches()).toEqual(['decided ALLOW', 'decided ALLOW']), 5_000)
  await vi.waitFor(async () => {
    await call('change')
    expect(heard).toContain('mem://watched')
  }, 5_000)
})

test('a client of 2026-07-28 goes on when its server with sessions ends, and hears that its listening did', async () => {
  const pair = await bridged('legacy-only-server', 'stdio')
  const modern = () =>
    new ModernClient(
      { name: 'sdk-v2', version: '1' },
      { capabilities: {}, versionNegotiation: { mode: { pin: '2026-07-28' } } },
    )
  const transport = () => new ModernTransport({ ...pair.shim, stderr: 'inherit' })
  // Turned down once, so that one which can fall back does.
  await modern()
    .connect(transport())
    .catch(() => {})
  pair.advance(3_000)
  const client = modern()
  await client.connect(transport())
  onTestFinished(() => client.close())
  const call = async (name: string) => said(await client.callTool({ name, arguments: { text: 'noon' } }))
  await client.listen({ resourceSubscriptions: ['mem://watched'] })
  expect(await call('change')).toBe('changed, 1 watched')
  const before = await processes(pair)

  expect(await killedDuring(pair, call)).toContain('SERVER_EXITED')
  expect(await hurried(pair, call('read_time'))).toBe('read_time of noon in the legacy era')
  const after = await processes(pair)
  expect(after.some((pid) => before.includes(pid))).toBe(false)
  // Nobody listens any more, so the new process watches nothing until somebody does.
  expect(await call('change')).toBe('changed, 0 watched')
  const watching = await client.listen({ resourceSubscriptions: ['mem://watched'] })
  expect(await call('change')).toBe('changed, 1 watched')
  await watching.close()
})
