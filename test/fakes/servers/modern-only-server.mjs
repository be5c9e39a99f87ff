// A server built with the SDK of version 2 that speaks only protocol 2026-07-28: over stdio, or, with the argument `http`, over HTTP, where it
// prints its address. It asks its client, reports progress, logs, is watched and can be cancelled.
import { createServer } from 'node:http'
import { Readable } from 'node:stream'
import { completable, createMcpHandler, inputRequired, inputResponse, McpServer } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { z } from 'zod'

// The SDKs forget who hears of progress once the answer is there, even of what came before it.
const pause = () => new Promise((resolve) => setTimeout(resolve, 50))
let cancelled = 0
let calls = 0
let handler = null
const text = (value) => ({ content: [{ type: 'text', text: value }] })
const form = (message) =>
  inputRequired.elicit({ message, requestedSchema: { type: 'object', properties: { mood: { type: 'string' } } } })
const sample = (prompt) =>
  inputRequired.createMessage({ messages: [{ role: 'user', content: { type: 'text', text: prompt } }], maxTokens: 9 })

function addAsking(server) {
  const ask = (name, inputRequests, done, annotations = { readOnlyHint: true }) =>
    server.registerTool(name, { description: `Asks for ${name}`, annotations }, (ctx) => {
      calls++
      const given = Object.keys(inputRequests).map((key) => inputResponse(ctx.mcpReq.inputResponses, key))
      if (given.some(({ kind }) => kind === 'missing' || kind === undefined)) {
        return inputRequired({ inputRequests, requestState: `state of ${name}` })
      }
      return text(`${done(...given)}, state ${ctx.mcpReq.requestState?.() ?? 'none'}`)
    })
  const mood = ({ action, content }) => `${action} ${content?.mood ?? 'nothing'}`
  ask('ask_person', { mood: form('How are you?') }, mood)
  ask('write_mood', { mood: form('Which mood?') }, mood, { readOnlyHint: false, destructiveHint: false })
  ask('ask_model', { answer: sample('What is it?') }, ({ result }) => result.content.text)
  ask('ask_roots', { roots: inputRequired.listRoots() }, ({ roots }) => roots.map(({ uri }) => uri).join())
  ask(
    'ask_all',
    { mood: form('How are you?'), answer: sample('What is it?'), roots: inputRequired.listRoots() },
    (one, two, three) => [mood(one), two.result.content.text, three.roots.length].join(' / '),
  )
  server.registerTool('ask_forever', { description: 'Never has enough', annotations: { readOnlyHint: true } }, () => {
    calls++
    return inputRequired({ inputRequests: { mood: form('And now?') }, requestState: 'again' })
  })
}

function addWorking(server, changed) {
  const tool = (name, run, inputSchema) =>
    server.registerTool(name, { description: `Does ${name}`, annotations: { readOnlyHint: true }, inputSchema }, run)
  tool(
    'read_time',
    ({ text: given }) => text(`read_time of ${given} in the modern era`),
    z.object({ text: z.string() }),
  )
  tool('count_slowly', async (ctx) => {
    const { progressToken } = ctx.mcpReq._meta ?? {}
    for (const progress of [1, 2]) {
      if (progressToken === undefined) continue
      await ctx.mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress, total: 2 } })
      await pause()
    }
    return text('counted')
  })
  tool('log_something', async (ctx) => {
    await ctx.mcpReq.log('debug', 'too quiet')
    await ctx.mcpReq.log('warning', 'loud enough')
    return text('logged')
  })
  tool(
    'wait_forever',
    (ctx) =>
      new Promise((resolve) => {
        ctx.mcpReq.signal.addEventListener('abort', () => {
          cancelled++
          resolve(text('too late'))
        })
      }),
  )
  tool('count', () => text(`${cancelled} cancelled, ${calls} asked`))
  tool('change', async () => {
    changed(server)
    return text('changed')
  })
}

function addRest(server) {
  server.registerResource('watched', 'mem://watched', { description: 'Can be watched' }, ({ href }) => ({
    contents: [{ uri: href, mimeType: 'text/plain', text: 'seen' }],
  }))
  server.registerPrompt(
    'greet',
    { description: 'Greets', argsSchema: z.object({ name: completable(z.string(), (given) => [`${given}ada`]) }) },
    ({ name }) => ({ messages: [{ role: 'user', content: { type: 'text', text: `hello ${name}` } }] }),
  )
}

const factory = (changed) => () => {
  const server = new McpServer(
    { name: 'moods', version: '1.0.0' },
    {
      instructions: 'be kind',
      capabilities: {
        ...{ logging: {}, completions: {}, tools: { listChanged: true }, prompts: {} },
        resources: { subscribe: true },
      },
      requestState: { verify: (state) => state },
    },
  )
  addAsking(server)
  addWorking(server, changed)
  addRest(server)
  return server
}

async function answer(req, res) {
  const closed = new AbortController()
  res.once('close', () => closed.abort())
  const body = req.method === 'POST' ? { body: Readable.toWeb(req), duplex: 'half' } : {}
  const { method, headers } = req
  const asked = new Request(`http://${headers.host}${req.url}`, { method, headers, signal: closed.signal, ...body })
  const response = await handler.fetch(asked)
  res.writeHead(response.status, Object.fromEntries(response.headers))
  res.flushHeaders()
  if (!response.body) return res.end()
  Readable.fromWeb(response.body)
    .on('error', () => res.destroy())
    .pipe(res)
}

if (process.argv[2] === 'http') {
  handler = createMcpHandler(
    factory(() => {
      handler.notify.toolsChanged()
      handler.notify.resourceUpdated('mem://watched')
    }),
    { legacy: 'reject' },
  )
  const server = createServer((req, res) => {
    answer(req, res).catch((error) => {
      process.stderr.write(`${error}\n`)
      res.destroy()
    })
  })
  server.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${server.address().port}/mcp\n`))
} else {
  const changed = (server) => {
    server.sendToolListChanged()
    server.server.sendResourceUpdated({ uri: 'mem://watched' })
  }
  serveStdio(factory(changed), { legacy: 'reject' })
}
