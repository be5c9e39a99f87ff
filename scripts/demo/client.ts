// The AI client of the demo: a process of its own that reaches every server through the shim, as Cursor or Claude would.
// It makes the calls that it is told to on standard input, one JSON line each, and ends when that ends.
import { createInterface } from 'node:readline'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { type CallToolResult, CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js'
import type { CallAnswer, CallOrder } from './agent.ts'

const [shim = '', profile = ''] = process.argv.slice(2)
const connections = new Map<string, Promise<Client>>()

function connected(server: string): Promise<Client> {
  const connection = connections.get(server) ?? connect(server)
  connections.set(server, connection)
  return connection
}

async function connect(server: string): Promise<Client> {
  const client = new Client({ name: 'demo-client', version: '1.0.0' })
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args: [shim, '--profile', profile, server] }),
  )
  return client
}

async function call({ id, server, tool, args }: CallOrder): Promise<CallAnswer> {
  const client = await connected(server)
  const result = await client.request(
    { method: 'tools/call', params: { name: tool, arguments: args } },
    CallToolResultSchema,
  )
  const refusal = result._meta?.['dev.toolgate/refusal'] as { code: string } | undefined
  return { id, isError: result.isError === true, refusal: refusal?.code ?? null, text: textOf(result) }
}

function textOf({ content }: CallToolResult): string {
  return content.map((block) => (block.type === 'text' ? block.text : `(${block.type})`)).join('\n')
}

async function obey(order: CallOrder): Promise<void> {
  const answer = await call(order).catch(
    (error: unknown): CallAnswer => ({ id: order.id, isError: true, refusal: null, text: String(error) }),
  )
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}

for await (const line of createInterface({ input: process.stdin })) void obey(JSON.parse(line) as CallOrder)
await Promise.allSettled([...connections.values()].map(async (connection) => (await connection).close()))
process.exit()
