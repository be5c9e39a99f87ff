import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { type HookingClient, hookedToolDefinitions, hookedToolNames } from '../../../shared/hooked-tools.ts'

/** What a request of MCP says, as far as it matters here. */
type Said = { id?: unknown; method?: unknown; params?: { name?: unknown; protocolVersion?: unknown } }

/** Of JSON-RPC: there is no such method, and these are no parameters of it. */
const [noMethod, badParams] = [-32601, -32602]

/**
 * The server as which a client's own tools are governed. A call that reaches it was allowed and is on record, so its answer is that
 * the client may go on; it runs nothing. Serves until its input ends.
 */
export function serveHookedTools(client: HookingClient, input: Readable, output: Writable): void {
  const names = hookedToolNames(client)
  const answer = ({ method, params }: Said): object => {
    if (method === 'initialize') {
      const serverInfo = { name: `${client}-tools`, version: '1' }
      const { protocolVersion = '2025-11-25' } = params ?? {}
      return { result: { protocolVersion, capabilities: { tools: {} }, serverInfo } }
    }
    if (method === 'ping') return { result: {} }
    if (method === 'tools/list') return { result: { tools: hookedToolDefinitions(client) } }
    if (method !== 'tools/call') return { error: { code: noMethod, message: 'there is no such method here' } }
    const known = typeof params?.name === 'string' && names.includes(params.name)
    if (!known) return { error: { code: badParams, message: 'the client has no such tool' } }
    return { result: { content: [{ type: 'text', text: 'allowed: the client runs it itself' }] } }
  }
  const lines = createInterface({ input })
  lines.on('line', (line) => {
    const said = parsed(line)
    if (said?.id === undefined) return
    output.write(`${JSON.stringify({ jsonrpc: '2.0', id: said.id, ...answer(said) })}\n`)
  })
  lines.once('close', () => process.exit(0))
}

function parsed(line: string): Said | null {
  try {
    const said: unknown = JSON.parse(line)
    return typeof said === 'object' && said !== null ? said : null
  } catch {
    return null
  }
}
