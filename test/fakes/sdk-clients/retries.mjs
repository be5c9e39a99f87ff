// A client that makes the same call again each time a line comes on its standard input, in one session, as an agent does that was told
// to: node retries.mjs <v1|v2|mcporter> <timeout in ms, 0 for the client's own> <arguments as JSON> <shim.js> <its arguments…>
// Each call gives one line of JSON: `ms` that it took, and its `result`, or the `error` with which the client gave up.
import { createInterface } from 'node:readline'

const [kind, timeout, args, ...words] = process.argv.slice(2)
const launch = { command: process.execPath, args: words }
const call = { name: 'write_time', arguments: JSON.parse(args) }
const timeoutMs = Number(timeout) || undefined
const options = timeoutMs && { timeout: timeoutMs }

const kinds = {
  async v1() {
    const { Client } = await import('@modelcontextprotocol/sdk/client/index.js')
    const { StdioClientTransport } = await import('@modelcontextprotocol/sdk/client/stdio.js')
    const client = new Client({ name: 'sdk-v1', version: '1' })
    await client.connect(new StdioClientTransport(launch))
    return { call: () => client.callTool(call, undefined, options), close: () => client.close() }
  },
  async v2() {
    const { Client } = await import('@modelcontextprotocol/client')
    const { StdioClientTransport } = await import('@modelcontextprotocol/client/stdio')
    const client = new Client({ name: 'sdk-v2', version: '1' }, { versionNegotiation: { mode: 'auto' } })
    await client.connect(new StdioClientTransport(launch))
    return { call: () => client.callTool(call, options), close: () => client.close() }
  },
  async mcporter() {
    const { createRuntime } = await import('mcporter')
    const command = { kind: 'stdio', cwd: process.cwd(), ...launch }
    const runtime = await createRuntime({ servers: [{ name: 'times', command }] })
    const given = { args: call.arguments, ...(timeoutMs && { timeoutMs }) }
    return { call: () => runtime.callTool('times', call.name, given), close: () => runtime.close() }
  },
}

const client = await kinds[kind]()
for await (const _line of createInterface({ input: process.stdin })) {
  const started = performance.now()
  const outcome = await client.call().then(
    (result) => ({ result }),
    (error) => ({ error: String(error) }),
  )
  process.stdout.write(`${JSON.stringify({ ms: Math.round(performance.now() - started), ...outcome })}\n`)
}
await client.close()
