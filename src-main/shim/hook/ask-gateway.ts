import type { Socket } from 'node:net'
import { createInterface } from 'node:readline'
import type { AskedTool } from './read-asked.ts'

/** What the gateway says of a tool that is about to run; `why` for the agent and the person when it may not. */
export type Verdict = { allowed: true } | { allowed: false; why: string }

/** The version that is asked for; the tools' server speaks whichever. */
const protocolVersion = '2025-11-25'

/** An answer of MCP, as far as it matters here. */
type Answer = {
  id?: unknown
  result?: { isError?: unknown; content?: readonly { text?: unknown }[] }
  error?: { message?: unknown }
}

/**
 * Asks the gateway, as the client's session with the server of its own tools, whether a tool may run. Anything but a plain yes is a
 * no; it waits for a person as long as the gateway does, at most `withinMs`.
 */
export async function askGateway(
  socket: Socket,
  { name, arguments: given }: AskedTool,
  withinMs: number,
): Promise<Verdict> {
  const timer = setTimeout(() => socket.destroy(new Error('nobody answered in time')), withinMs)
  const lines = createInterface({ input: socket })
  const send = (message: object) => socket.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  const clientInfo = { name: 'toolgate-hook', version: '1' }
  send({ id: 1, method: 'initialize', params: { protocolVersion, capabilities: {}, clientInfo } })
  try {
    for await (const line of lines) {
      const said = JSON.parse(line) as Answer
      if (said.id === 1) {
        if (said.error) return refused(said)
        send({ method: 'notifications/initialized' })
        send({ id: 2, method: 'tools/call', params: { name, arguments: given, _meta: { progressToken: 1 } } })
      } else if (said.id === 2) {
        return said.result && said.result.isError !== true ? { allowed: true } : refused(said)
      }
    }
    return { allowed: false, why: 'the gateway ended the connection' }
  } finally {
    clearTimeout(timer)
    socket.destroy()
  }
}

function refused({ result, error }: Answer): Verdict {
  const texts = (result?.content ?? []).flatMap(({ text }) => (typeof text === 'string' ? text : []))
  const why = texts.join('\n') || (typeof error?.message === 'string' ? error.message : 'no reason was given')
  return { allowed: false, why }
}
