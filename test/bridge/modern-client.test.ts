import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { type Bridged, bridged, said, type Wire, wires } from './pairs.ts'

const able = { sampling: {}, elicitation: { form: {}, url: {} }, roots: {} }

/** A client of the SDK of version 2 that speaks 2026-07-28 and nothing else, and what it was asked. */
function modernOnly(capabilities: Partial<typeof able>) {
  const client = new Client(
    { name: 'sdk-v2', version: '1' },
    { capabilities, versionNegotiation: { mode: { pin: '2026-07-28' } } },
  )
  const asked: string[] = []
  if (capabilities.elicitation) {
    client.setRequestHandler('elicitation/create', ({ params }) => {
      asked.push(params.mode === 'url' ? params.url : params.message)
      return { action: 'accept', ...(params.mode === 'url' ? {} : { content: { mood: 'good' } }) }
    })
  }
  if (capabilities.sampling) {
    client.setRequestHandler('sampling/createMessage', () => {
      asked.push('model')
      return { role: 'assistant', model: 'm', content: { type: 'text', text: 'a cat' } }
    })
  }
  if (capabilities.roots) {
    client.setRequestHandler('roots/list', () => {
      asked.push('roots')
      return { roots: [{ uri: 'file:///work' }] }
    })
  }
  return { client, asked }
}

function transport({ shim, url, headers }: Bridged, over: Wire) {
  return over === 'stdio'
    ? new StdioClientTransport({ ...shim, stderr: 'inherit' })
    : new StreamableHTTPClientTransport(url, { requestInit: { headers } })
}

/** Connects such a client: turned down once, so that one which can fall back does, and served when it comes back. */
async function connected(to: Bridged, over: Wire, capabilities: Partial<typeof able> = able) {
  const first = modernOnly(capabilities)
  const refused = await first.client.connect(transport(to, over)).then(
    () => false,
    () => true,
  )
  if (!refused) throw new Error('it was not turned down')
  await first.client.close()
  to.advance(3_000)
  return again(to, over, capabilities)
}

async function again(to: Bridged, over: Wire, capabilities: Partial<typeof able> = able) {
  const { client, asked } = modernOnly(capabilities)
  await client.connect(transport(to, over))
  onTestFinished(() => client.close())
  const call = async (name: string, args: Record<string, unknown> = {}) =>
    said(await client.callTool({ name, arguments: args }))
  return { client, asked, call }
}

const calls = ({ gateway }: Bridged, tool: string) => gateway.states(tool)

describe.each(wires)(
  'the SDK v2 client of 2026-07-28 alone over %s, a server with sessions alone over %s',
  (over, behind) => {
    test('it is greeted, lists, calls, reads, gets prompts and completions', async () => {
      const pair = await bridged('legacy-only-server', behind)
      const { client, call } = await connected(pair, over)
      expect(client.getServerVersion()).toMatchObject({ name: 'moods' })
      expect(client.getInstructions()).toBe('be kind')
      expect(client.getServerCapabilities()).toMatchObject({
        tools: { listChanged: true },
        resources: { subscribe: true },
      })
      const listed = await client.listTools()
      expect(listed).toMatchObject({ ttlMs: 0, cacheScope: 'private' })
      expect(listed.tools.map(({ name }) => name)).toContain('ask_person')
      expect(await call('read_time', { text: 'noon' })).toBe('read_time of noon in the legacy era')
      expect((await client.readResource({ uri: 'mem://watched' })).contents).toMatchObject([{ text: 'seen' }])
      expect((await client.getPrompt({ name: 'greet', arguments: { name: 'ada' } })).messages).toMatchObject([
        { content: { text: 'hello ada' } },
      ])
      const completed = await client.complete({
        ref: { type: 'ref/prompt', name: 'greet' },
        argument: { name: 'name', value: 'x' },
      })
      expect(completed.completion.values).toEqual(['xada'])
      await expect(client.readResource({ uri: 'mem://none' })).rejects.toMatchObject({ code: -32602 })
    })

    test('what the server asks while it works is asked through the answer, and the server gets one call', async () => {
      const pair = await bridged('legacy-only-server', behind)
      const { call, asked } = await connected(pair, over)
      expect(await call('ask_person')).toBe('accept good')
      expect(await call('ask_model')).toBe('a cat')
      expect(await call('ask_roots')).toBe('file:///work')
      expect(await call('ask_twice')).toBe('accept good then accept good')
      expect(await call('ask_all')).toBe('accept good / a cat / 1')
      expect(asked).toHaveLength(8)
      expect(await call('read_page')).toBe('was opened')
      expect(asked.at(-1)).toBe('https://example.com/sign')
      expect(await call('count')).toBe('0 cancelled, 7 asked')
    })

    test('a call that goes on is recorded under the first one, and what a person approved is not asked again', async () => {
      const pair = await bridged('legacy-only-server', behind)
      const { call } = await connected(pair, over)
      const answered = pair.gateway.pending('write_mood').then((view) => pair.gateway.answer(view, 'approve'))
      expect(await call('write_mood')).toBe('accept good')
      await answered
      const states = calls(pair, 'write_mood')
      expect(states.filter((state) => state.startsWith('held'))).toHaveLength(1)
      expect(states.filter((state) => state === 'closed executed')).toHaveLength(2)
      const entries = pair.gateway
        .entries()
        .flatMap((entry) => (entry.kind === 'call' && entry.tool_name === 'write_mood' ? [entry] : []))
      expect(new Set(entries.map((entry) => entry.call_id)).size).toBe(2)
      expect(new Set(entries.map((entry) => entry.correlation_id)).size).toBe(1)
      expect(await call('count')).toBe('0 cancelled, 1 asked')
    })

    test('progress, log messages, cancellation, changes of tools and of a watched resource arrive', async () => {
      const pair = await bridged('legacy-only-server', behind)
      const { client, call } = await connected(pair, over)
      const heard: string[] = []
      client.setNotificationHandler('notifications/tools/list_changed', () => void heard.push('tools'))
      client.setNotificationHandler('notifications/resources/updated', ({ params }) => void heard.push(params.uri))
      client.setNotificationHandler('notifications/message', ({ params }) => void heard.push(String(params.data)))
      const progress: number[] = []
      const counted = await client.callTool(
        { name: 'count_slowly' },
        { onprogress: (at: { progress: number }) => void progress.push(at.progress) },
      )
      expect([said(counted), progress]).toEqual(['counted', [1, 2]])

      expect(await call('log_something')).toBe('logged')
      const _meta = { 'io.modelcontextprotocol/logLevel': 'warning' }
      expect(said(await client.callTool({ name: 'log_something', _meta }))).toBe('logged')
      await vi.waitFor(() => expect(heard).toEqual(['loud enough']), 5_000)

      const leaving = new AbortController()
      const waiting = client.callTool({ name: 'wait_forever' }, { signal: leaving.signal })
      await vi.waitFor(() => expect(calls(pair, 'wait_forever')).toContain('forwarding'), 5_000)
      leaving.abort('enough')
      await expect(waiting).rejects.toBeDefined()
      await vi.waitFor(async () => expect(await call('count')).toMatch(/^1 cancelled/), 5_000)

      const watching = await client.listen({ toolsListChanged: true, resourceSubscriptions: ['mem://watched'] })
      expect(await call('change')).toBe('changed, 1 watched')
      await vi.waitFor(() => expect(heard).toEqual(['loud enough', 'tools', 'mem://watched']), 5_000)
      await watching.close()
      await vi.waitFor(async () => expect(await call('change')).toBe('changed, 0 watched'), 5_000)
    })

    test('a client that cannot do what is asked: the server hears that it cannot; one that asks for ever is ended', async () => {
      const pair = await bridged('legacy-only-server', behind)
      const { call, asked } = await connected(pair, over)
      expect(await call('ask_forever')).toContain('cannot be asked this')
      expect(asked).toHaveLength(10)
      const { call: less } = await again(pair, over, {})
      expect(await less('ask_person')).toMatch(/not support/)
      expect(await less('read_time', { text: 'noon' })).toContain('noon')
    })
  },
)
