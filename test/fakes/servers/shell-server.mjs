// A shell as an MCP tool: what a governed agent can do at worst. `run_command` runs its text with /bin/sh and gives what it said.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

const send = (id, result) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, result })}\n`)
const tool = {
  name: 'run_command',
  description: 'Runs a command',
  inputSchema: { type: 'object', properties: { command: { type: 'string' } } },
}

function run(id, command) {
  const child = spawn('/bin/sh', ['-c', command], { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  child.stdout.on('data', (chunk) => (said += chunk))
  child.stderr.on('data', (chunk) => (said += chunk))
  child.on('close', (code) => send(id, { content: [{ type: 'text', text: `${said}\nexit ${code}` }] }))
}

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const { id, method, params } = JSON.parse(line)
    if (method === 'initialize')
      send(id, {
        protocolVersion: params.protocolVersion,
        capabilities: { tools: {} },
        serverInfo: { name: 'shell', version: '1' },
      })
    else if (method === 'tools/list') send(id, { tools: [tool] })
    else if (method === 'tools/call') run(id, params.arguments.command)
    else if (id !== undefined)
      process.stdout.write(
        `${JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32601, message: 'Method not found' } })}\n`,
      )
  })
  .on('close', () => process.exit(0))
