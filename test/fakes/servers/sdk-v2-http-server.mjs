// A server built with the SDK of version 2 that speaks only protocol 2026-07-28 over HTTP. Prints its address. `read_region` has an
// argument that a header must repeat, which the SDK checks.
import { createServer } from 'node:http'
import { Readable } from 'node:stream'
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'

const handler = createMcpHandler(
  () => {
    const server = new McpServer({ name: 'times', version: '1.0.0' })
    const tool = (name, inputSchema, annotations, run) =>
      server.registerTool(name, { description: `Would ${name}`, inputSchema: z.object(inputSchema), annotations }, run)
    tool('read_time', { text: z.string() }, { readOnlyHint: true }, ({ text }) => ({
      content: [{ type: 'text', text: `read_time of ${text} in the modern era` }],
    }))
    tool(
      'read_region',
      { region: z.string().meta({ 'x-mcp-header': 'Region' }) },
      { readOnlyHint: true },
      ({ region }) => ({
        content: [{ type: 'text', text: `region ${region}` }],
      }),
    )
    tool('delete_time', { text: z.string() }, { readOnlyHint: false, destructiveHint: true }, () => ({
      content: [{ type: 'text', text: 'deleted' }],
    }))
    return server
  },
  { legacy: 'reject' },
)

async function answer(req, res) {
  const closed = new AbortController()
  res.once('close', () => closed.abort())
  const body = req.method === 'POST' ? { body: Readable.toWeb(req), duplex: 'half' } : {}
  const { method, headers } = req
  const asked = new Request(`http://${headers.host}${req.url}`, { method, headers, signal: closed.signal, ...body })
  const response = await handler.fetch(asked)
  res.writeHead(response.status, Object.fromEntries(response.headers))
  if (!response.body) return res.end()
  Readable.fromWeb(response.body)
    .on('error', () => res.destroy())
    .pipe(res)
}

const server = createServer((req, res) => {
  answer(req, res).catch((error) => {
    process.stderr.write(`${error}\n`)
    res.destroy()
  })
})
server.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${server.address().port}/mcp\n`))
