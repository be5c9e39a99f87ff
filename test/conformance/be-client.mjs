// What the suite runs as the client: it tells the process that hosts clients, on the socket that its first word names, what the suite told it,
// and ends as that says. So hundreds of modules are loaded once and not for each scenario.
import { connect } from 'node:net'

const [path = '', url = ''] = process.argv.slice(2)
const { MCP_CONFORMANCE_SCENARIO, MCP_CONFORMANCE_PROTOCOL_VERSION, MCP_CONFORMANCE_CONTEXT } = process.env
const asked = {
  url,
  scenario: MCP_CONFORMANCE_SCENARIO ?? '',
  revision: MCP_CONFORMANCE_PROTOCOL_VERSION ?? '',
  context: JSON.parse(MCP_CONFORMANCE_CONTEXT ?? '{}'),
}
const host = connect({ path, allowHalfOpen: true })
host.end(JSON.stringify(asked))
let said = ''
for await (const chunk of host) said += chunk
if (said !== 'done') {
  process.stderr.write(`${said}\n`)
  process.exitCode = 1
}
