// What the suite runs as "the client": `main.ts <door> <url of the suite's server>`. With the door `direct` it is the reference
// client alone; otherwise a real gateway on a fresh profile gets the suite's server as a server over HTTP, registered and approved
// as a person would, and the same client comes to it through that door. So what the suite sees is what Toolgate sends.
import { startGoverned } from '../governed.ts'
import { connectDirectly, connectThrough, type Door, newClient } from './connect.ts'
import { type Context, scripts } from './script.ts'

const [door = 'direct', url = ''] = process.argv.slice(2)
const scenario = process.env.MCP_CONFORMANCE_SCENARIO ?? ''
const context = JSON.parse(process.env.MCP_CONFORMANCE_CONTEXT ?? '{}') as Context
const script = scripts[scenario]
if (!script) throw new Error(`no script for the scenario \`${scenario}\``)

// The suite ends what takes too long; the gateway ends with it.
process.once('SIGTERM', () => process.exit(1))
const client = newClient(process.env.MCP_CONFORMANCE_PROTOCOL_VERSION ?? '')
const gateway = door === 'direct' ? null : await startGoverned()
try {
  if (gateway) {
    await gateway.addServer('suite', ['--url', url])
    await connectThrough(client, gateway, 'suite', door as Door)
  } else {
    await connectDirectly(client, url)
  }
  await script(client, context)
  await client.close()
} finally {
  await gateway?.end()
}
