// Tool calls over HTTP with the SDK of version 1: node v1-http.mjs <url> <tool>…, the token in TOKEN. Prints one line per call.
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'

const [url, ...names] = process.argv.slice(2)
const client = new Client({ name: 'sdk-v1', version: '1' })
const transport = new StreamableHTTPClientTransport(new URL(url), {
  requestInit: { headers: { authorization: `Bearer ${process.env.TOKEN}` } },
})
await client.connect(transport)
for (const name of names) {
  const result = await client.callTool({ name, arguments: { text: 'noon' } })
  process.stdout.write(`${name}: ${JSON.stringify(result)}\n`)
}
await transport.terminateSession()
await client.close()
