// A server built with the SDK of version 1, which speaks only the protocol generation with sessions: over stdio, or, with the argument `http`,
// over Streamable HTTP, where it prints its address. The same tools as modern-only-server.mjs has, and a tool that wants a page opened.
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { completable } from '@modelcontextprotocol/sdk/server/completable.js'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import {
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
  UrlElicitationRequiredError,
} from '@modelcontextprotocol/sdk/types.js'
import { z } from 'zod'

// The SDKs forget who hears of progress once the answer is there, even of what came before it.
const pause = () => new Promise((resolve) => setTimeout(resolve, 50))
let cancelled = 0
let calls = 0
let opened = false
const text = (value) => ({ content: [{ type: 'text', text: value }] })
const form = (message) => ({ message, requestedSchema: { type: 'object', properties: { mood: { type: 'string' } } } })
const sample = (prompt) => ({ messages: [{ role: 'user', content: { type: 'text', text: prompt } }], maxTokens: 9 })
const mood = ({ action, content }) => `${action} ${content?.mood ?? 'nothing'}`

function addAsking(server) {
  const low = server.server
  const ask = (name, run, annotations = { readOnlyHint: true }) =>
    server.registerTool(name, { description: `Asks for ${name}`, annotations }, async (extra) => {
      calls++
      return text(await run(extra))
    })
  ask('ask_person', async () => mood(await low.elicitInput(form('How are you?'))))
  const write = { readOnlyHint: false, destructiveHint: false }
  ask('write_mood', async () => mood(await low.elicitInput(form('Which mood?'))), write)
  ask('ask_model', async () => (await low.createMessage(sample('What is it?'))).content.text)
  ask('ask_roots', async () => (await low.listRoots()).roots.map(({ uri }) => uri).join())
  ask('ask_all', async () => {
    const [one, two, three] = await Promise.all([
      low.elicitInput(form('How are you?')),
      low.createMessage(sample('What is it?')),
      low.listRoots(),
    ])
    return [mood(one), two.content.text, three.roots.length].join(' / ')
  })
  ask('ask_twice', async () => {
    const first = mood(await low.elicitInput(form('First?')))
    return `${first} then ${mood(await low.elicitInput(form('Second?')))}`
  })
  ask('ask_forever', async () => {
    for (;;) await low.elicitInput(form('And now?'))
  })
  ask('read_page', async () => {
    if (opened) return 'was opened'
    opened = true
    const page = { mode: 'url', elicitationId: 'e-1', url: 'https://example.com/sign', message: 'Please sign in' }
    throw new UrlElicitationRequiredError([page])
  })
}

function addWorking(server, watched) {
  const tool = (name, run, inputSchema) =>
    server.registerTool(
      name,
      { description: `Does ${name}`, annotations: { readOnlyHint: true }, ...(inputSchema ? { inputSchema } : {}) },
      run,
    )
  tool('read_time', ({ text: given }) => text(`read_time of ${given} in the legacy era`), { text: z.string() })
  tool('count_slowly', async ({ sendNotification, _meta }) => {
    for (const progress of [1, 2]) {
      const params = { progressToken: _meta?.progressToken, progress, total: 2 }
      if (params.progressToken !== undefined) await sendNotification({ method: 'notifications/progress', params })
      await pause()
    }
    return text('counted')
  })
  // Everything, whatever level it was told.
  tool('log_something', async ({ sendNotification }) => {
    for (const [level, data] of [
      ['debug', 'too quiet'],
      ['warning', 'loud enough'],
    ]) {
      await sendNotification({ method: 'notifications/message', params: { level, data } })
    }
    return text('logged')
  })
  const forever = ({ signal }) =>
    new Promise((resolve) => {
      signal.addEventListener('abort', () => {
        cancelled++
        resolve(text('too late'))
      })
    })
  tool('wait_forever', forever)
  tool('count', () => text(`${cancelled} cancelled, ${calls} asked`))
  tool('change', async () => {
    server.sendToolListChanged()
    for (const uri of watched) await server.server.sendResourceUpdated({ uri })
    return text(`changed, ${watched.size} watched`)
  })
}

function legacyServer() {
  const watched = new Set()
  const server = new McpServer(
    { name: 'moods', version: '1.0.0' },
    {
      instructions: 'be kind',
      capabilities: { logging: {}, tools: { listChanged: true }, resources: { subscribe: true } },
    },
  )
  addAsking(server)
  addWorking(server, watched)
  server.registerResource('watched', 'mem://watched', { description: 'Can be watched' }, ({ href }) => ({
    contents: [{ uri: href, mimeType: 'text/plain', text: 'seen' }],
  }))
  const argsSchema = { name: completable(z.string(), (given) => [`${given}ada`]) }
  server.registerPrompt('greet', { description: 'Greets', argsSchema }, ({ name }) => ({
    messages: [{ role: 'user', content: { type: 'text', text: `hello ${name}` } }],
  }))
  server.server.setRequestHandler(SubscribeRequestSchema, ({ params }) => {
    watched.add(params.uri)
    return {}
  })
  server.server.setRequestHandler(UnsubscribeRequestSchema, ({ params }) => {
    watched.delete(params.uri)
    return {}
  })
  return server
}

const sessions = new Map()
async function streamable(req, res) {
  const known = sessions.get(req.headers['mcp-session-id'])
  if (known) return known.handleRequest(req, res)
  if (req.headers['mcp-session-id']) return res.writeHead(404).end()
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: () => randomUUID(),
    onsessioninitialized: (id) => sessions.set(id, transport),
  })
  await legacyServer().connect(transport)
  return transport.handleRequest(req, res)
}

if (process.argv[2] === 'http') {
  const server = createServer((req, res) => {
    streamable(req, res).catch((error) => {
      process.stderr.write(`${error}\n`)
      res.destroy()
    })
  })
  server.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${server.address().port}/mcp\n`))
} else await legacyServer().connect(new StdioServerTransport())
