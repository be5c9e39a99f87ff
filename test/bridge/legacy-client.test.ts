import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
  LoggingMessageNotificationSchema,
  ResourceUpdatedNotificationSchema,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { type Bridged, bridged, said, type Wire, wires } from './pairs.ts'

const able = { sampling: {}, elicitation: {}, roots: {} }

/** A client of the SDK of version 1, which knows nothing of 2026-07-28, and what it was asked. */
async function connected(to: Bridged, over: Wire, capabilities: Partial<typeof able> = able) {
  const client = new Client({ name: 'sdk-v1', version: '1' }, { capabilities })
  const asked: string[] = []
  if (capabilities.elicitation) {
    client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
      asked.push(params.message)
      return { action: 'accept', content: { mood: 'good' } }
    })
  }
  if (capabilities.sampling) {
    client.setRequestHandler(CreateMessageRequestSchema, () => {
      asked.push('model')
      return { role: 'assistant', model: 'm', content: { type: 'text', text: 'a cat' } }
    })
  }
  if (capabilities.roots) {
    client.setRequestHandler(ListRootsRequestSchema, () => {
      asked.push('roots')
      return { roots: [{ uri: 'file:///work' }] }
    })
  }
  const { shim, url, headers } = to
  await client.connect(
    over === 'stdio'
      ? new StdioClientTransport({ ...shim, stderr: 'inherit' })
      : new StreamableHTTPClientTransport(url, { requestInit: { headers } }),
  )
  onTestFinished(() => client.close())
  const call = async (name: string, args: Record<string, unknown> = {}) =>
    said(await client.callTool({ name, arguments: args }))
  return { client, asked, call }
}

const calls = ({ gateway }: Bridged, tool: string) => gateway.states(tool)

describe.each(wires)('the SDK v1 client over %s, a server of 2026-07-28 alone over %s', (over, behind) => {
  test('it is greeted, lists, calls, reads, gets prompts and completions', async () => {
    const pair = await bridged('modern-only-server', behind)
    const { client, call } = await connected(pair, over)
    expect(client.getServerVersion()).toMatchObject({ name: 'moods' })
    expect(client.getInstructions()).toBe('be kind')
    expect(client.getServerCapabilities()).toMatchObject({
      tools: { listChanged: true },
      resources: { subscribe: true },
    })
    const listed = await client.listTools()
    expect(listed.tools.map(({ name }) => name)).toContain('ask_person')
    for (const key of ['resultType', 'ttlMs', 'cacheScope']) expect(listed).not.toHaveProperty(key)
    expect(await call('read_time', { text: 'noon' })).toBe('read_time of noon in the modern era')
    expect((await client.readResource({ uri: 'mem://watched' })).contents).toMatchObject([{ text: 'seen' }])
    expect((await client.getPrompt({ name: 'greet', arguments: { name: 'ada' } })).messages).toMatchObject([
      { content: { text: 'hello ada' } },
    ])
    const completed = await client.complete({
      ref: { type: 'ref/prompt', name: 'greet' },
      argument: { name: 'name', value: 'x' },
    })
    expect(completed.completion.values).toEqual(['xada'])
    await client.ping()
    await expect(client.readResource({ uri: 'mem://none' })).rejects.toMatchObject({ code: -32002 })
    await expect(client.request({ method: 'tasks/list' } as never, {} as never)).rejects.toBeDefined()
  })

  test('what the server wants first is asked of the client, one call is one call in the record, and one approval is enough', async () => {
    const pair = await bridged('modern-only-server', behind)
    const { call, asked } = await connected(pair, over)
    expect(await call('ask_person')).toBe('accept good, state state of ask_person')
    expect(await call('ask_model')).toBe('a cat, state state of ask_model')
    expect(await call('ask_roots')).toBe('file:///work, state state of ask_roots')
    expect(await call('ask_all')).toBe('accept good / a cat / 1, state state of ask_all')
    expect(asked.toSorted()).toEqual(['How are you?', 'How are you?', 'model', 'model', 'roots', 'roots'])
    expect(calls(pair, 'ask_all')).toEqual(['decided ALLOW', 'forwarding', 'closed executed'])
    const answered = pair.gateway.pending('write_mood').then((view) => pair.gateway.answer(view, 'approve'))
    expect(await call('write_mood')).toBe('accept good, state state of write_mood')
    await answered
    expect(calls(pair, 'write_mood').filter((state) => state.startsWith('held'))).toHaveLength(1)
    // Each was asked twice: once to want something, once with it.
    expect(await call('count')).toBe('0 cancelled, 10 asked')
  })

  test('progress, log messages, cancellation, changes of tools and of a watched resource arrive', async () => {
    const pair = await bridged('modern-only-server', behind)
    const { client, call } = await connected(pair, over)
    const heard: string[] = []
    client.setNotificationHandler(ToolListChangedNotificationSchema, () => void heard.push('tools'))
    client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => void heard.push(params.uri))
    client.setNotificationHandler(
      LoggingMessageNotificationSchema,
      ({ params }) => void heard.push(String(params.data)),
    )
    const progress: number[] = []
    const counted = await client.callTool({ name: 'count_slowly' }, undefined, {
      onprogress: (at) => void progress.push(at.progress),
    })
    expect([said(counted), progress]).toEqual(['counted', [1, 2]])

    await client.setLoggingLevel('warning')
    expect(await call('log_something')).toBe('logged')
    await vi.waitFor(() => expect(heard).toEqual(['loud enough']), 5_000)

    const leaving = new AbortController()
    const waiting = client.callTool({ name: 'wait_forever' }, undefined, { signal: leaving.signal })
    await vi.waitFor(() => expect(calls(pair, 'wait_forever')).toContain('forwarding'), 5_000)
    leaving.abort('enough')
    await expect(waiting).rejects.toBeDefined()
    await vi.waitFor(async () => expect(await call('count')).toMatch(/^1 cancelled/), 5_000)

    await client.subscribeResource({ uri: 'mem://watched' })
    await call('change')
    await vi.waitFor(() => expect(heard).toEqual(['loud enough', 'tools', 'mem://watched']), 5_000)
    await client.unsubscribeResource({ uri: 'mem://watched' })
    await vi.waitFor(async () => {
      heard.length = 0
      await call('change')
      await vi.waitFor(() => expect(heard).toContain('tools'), 2_000)
      expect(heard).not.toContain('mem://watched')
    }, 10_000)
  })

  test('a server that never has enough is ended; one that asks for what the client cannot do is told so', async () => {
    const pair = await bridged('modern-only-server', behind)
    const { call, asked } = await connected(pair, over)
    await expect(call('ask_forever')).rejects.toThrow(/asked more than 10 times/)
    expect(asked).toHaveLength(10)
    expect(calls(pair, 'ask_forever')).toEqual(['decided ALLOW', 'forwarding', 'closed tool_error'])
    const { call: less } = await connected(pair, over, { roots: {} })
    await expect(less('ask_person')).rejects.toThrow()
    expect(await less('read_time', { text: 'noon' })).toContain('noon')
  })
})
