import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'

let gateway: TestGateway
afterEach(() => gateway.close())

const schema = { type: 'object' }
const reads = { readOnlyHint: true }
const ui = (more: object = {}) => ({ _meta: { ui: { resourceUri: 'ui://notes/view.html', ...more } } })
const tools = [
  { name: 'read_note', inputSchema: schema, annotations: reads, ...ui() },
  { name: 'read_page', inputSchema: schema, annotations: reads, ...ui({ visibility: ['app'] }) },
]

async function connect(apps: boolean) {
  const client = gateway.connect('notes')
  const extensions = apps
    ? { extensions: { 'io.modelcontextprotocol/ui': { mimeTypes: ['text/html;profile=mcp-app'] } } }
    : {}
  await client.request('initialize', {
    ...{ protocolVersion: '2025-11-25', capabilities: extensions, clientInfo: { name: 'raw', version: '1' } },
  })
  return client
}

test('a tool for apps alone is there for a client that shows apps, and for no other', async () => {
  gateway = await startGateway({ policy: simplePolicy() })
  const file = join(gateway.folder, 'tools.json')
  writeFileSync(file, JSON.stringify(tools))
  await gateway.addServer('notes', 'notes-server', { NOTES_TOOLS: file })
  const listed = async (client: Awaited<ReturnType<typeof connect>>) => {
    const { result } = (await client.request('tools/list')) as { result?: { tools?: object[] } }
    return result?.tools
  }
  const shows = await connect(true)
  expect(await listed(shows)).toEqual(tools)
  expect((await shows.call('read_page')).outcome).toBe('ok')
  const plain = await connect(false)
  expect(await listed(plain)).toEqual([tools[0]])
  expect((await plain.call('read_page')).outcome).toBe('TOOL_FOR_APPS')
  expect((await plain.call('read_note')).outcome).toBe('ok')
  expect(gateway.states('read_page').at(-1)).toBe('closed blocked TOOL_FOR_APPS')
})

test('the page of an app is read like any resource, and a tool whose page changed is held', async () => {
  gateway = await startGateway({ policy: simplePolicy() })
  const file = join(gateway.folder, 'tools.json')
  writeFileSync(file, JSON.stringify(tools))
  await gateway.addServer('notes', 'notes-server', { NOTES_TOOLS: file })
  const client = await connect(true)
  await client.request('resources/read', { uri: 'ui://notes/view.html' })
  expect(gateway.states('ui://notes/view.html')).toEqual(['decided ALLOW', 'forwarding', 'closed tool_error'])
  writeFileSync(file, JSON.stringify([{ ...tools[0], ...ui({ resourceUri: 'ui://notes/other.html' }) }]))
  await client.request('notes/announce')
  expect((await client.call('read_note')).outcome).toBe('TOOL_CHANGED')
})
