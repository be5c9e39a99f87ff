// A server built with the SDK of version 1, over HTTP: Streamable HTTP with sessions, or, with the argument `sse`, the transport of
// 2024-11-05. Prints its address. Requests without the header `Authorization: Bearer let-me-in` are turned away when it is
// started with the argument `guarded`.
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { z } from 'zod'

const options = process.argv.slice(2)
const sessions = new Map()

function timesServer() {
  const server = new McpServer({ name: 'times', version: '1.0.0' })
  const tool = (name, annotations, run) =>
    server.registerTool(name, { description: `Would ${name}`, inputSchema: { text: z.string() }, annotations }, run)
  tool('read_time', { readOnlyHint: true }, ({ text }) => ({
    content: [{ type: 'text', text: `read_time of ${text} in the legacy era` }],
  }))
  tool('read_slowly', { readOnlyHint: true }, async ({ text }, { sendNotification, _meta }) => {
    for (const progress of [1, 2]) {
      await sendNotification({
        method: 'notifications/progress',
        params: { progressToken: _meta.progressToken, progress, total: 2 },
      })
    }
    return { content: [{ type: 'text', text: `slowly ${text}` }] }
  })
  tool('read_mood', { readOnlyHint: true }, async ({ text }) => {
    const { content } = await server.server.elicitInput({
      message: text,
      requestedSchema: { type: 'object', properties: { mood: { type: 'string' } } },
    })
    return { content: [{ type: 'text', text: `mood ${content?.mood}` }] }
  })
  tool('read_later', { readOnlyHint: true }, () => {
    server.sendToolListChanged()
    return { content: [{ type: 'text', text: 'told' }] }
  })
  tool('delete_time', { readOnlyHint: false, destructiveHint: true }, () => ({
    content: [{ type: 'text', text: 'deleted' }],
  }))
  return server
}

async function streamable(req, res) {
  const known = sessions.get(req.headers['mcp-session-id'])
  if (known) return known.handleRequest(req, res)
  if (req.headers['mcp-session-id']) return res.writeHead(404).end()
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: () => randomUUID(),
    onsessioninitialized: (id) => sessions.set(id, transport),
    onsessionclosed: (id) => {
      sessions.delete(id)
      process.stdout.write('deleted\n')
    },
  })
  await timesServer().connect(transport)
  return transport.handleRequest(req, res)
}

async function older(req, res) {
  const { pathname, searchParams } = new URL(req.url, 'http://localhost')
  if (req.method === 'GET' && pathname === '/mcp') {
    const transport = new SSEServerTransport('/messages', res)
    sessions.set(transport.sessionId, transport)
    return timesServer().connect(transport)
  }
  const known = sessions.get(searchParams.get('sessionId'))
  if (req.method === 'POST' && pathname === '/messages' && known) return known.handlePostMessage(req, res)
  return res.writeHead(pathname === '/mcp' ? 405 : 404).end()
}

const server = createServer((req, res) => {
  if (options.includes('guarded') && req.headers.authorization !== 'Bearer let-me-in') {
    return res.writeHead(401, { 'www-authenticate': 'Bearer resource_metadata="http://127.0.0.1:1/"' }).end()
  }
  const handle = options.includes('sse') ? older : streamable
  handle(req, res).catch((error) => {
    process.stderr.write(`${error}\n`)
    res.destroy()
  })
})
server.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${server.address().port}/mcp\n`))
