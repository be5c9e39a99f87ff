// One tool call with the SDK of version 1, as a program of its own: node v1.mjs <shim.js> <profile> <server> <tool> <arguments as JSON>
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'

const [shim, profile, server, name, args] = process.argv.slice(2)
const client = new Client({ name: 'sdk-v1', version: '1' })
await client.connect(
  new StdioClientTransport({ command: process.execPath, args: [shim, '--profile', profile, server] }),
)
const { tools } = await client.listTools()
const result = await client.callTool({ name, arguments: JSON.parse(args) })
process.stdout.write(JSON.stringify({ tools: tools.length, result }))
await client.close()
