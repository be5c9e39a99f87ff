// Tool calls over HTTP with the SDK of version 2, which asks for protocol 2026-07-28 first; otherwise as v1-http.mjs.
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'

const [url, ...names] = process.argv.slice(2)
const client = new Client({ name: 'sdk-v2', version: '1' }, { versionNegotiation: { mode: 'auto' } })
const transport = new StreamableHTTPClientTransport(new URL(url), {
  requestInit: { headers: { authorization: `Bearer ${process.env.TOKEN}` } },
})
await client.connect(transport)
for (const name of names) {
  const result = await client.callTool({ name, arguments: { text: 'noon' } })
  process.stdout.write(`${name}: ${JSON.stringify(result)}\n`)
}
await transport.terminateSession?.()
await client.close()
