// One tool call with the SDK of version 2, which asks for protocol 2026-07-28 first; arguments as for v1.mjs.
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'

const [shim, profile, server, name, args] = process.argv.slice(2)
const client = new Client({ name: 'sdk-v2', version: '1' }, { versionNegotiation: { mode: 'auto' } })
await client.connect(
  new StdioClientTransport({ command: process.execPath, args: [shim, '--profile', profile, server] }),
)
const { tools } = await client.listTools()
const result = await client.callTool({ name, arguments: JSON.parse(args) })
process.stdout.write(JSON.stringify({ tools: tools.length, result }))
await client.close()
