import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

/** One request that a scripted server got: its body as it came, and as JSON when there is one. */
export type Got = {
  method: string
  path: string
  headers: IncomingMessage['headers']
  body: string
  // biome-ignore lint/suspicious/noExplicitAny: what a client sent can be anything
  json: any
}

/** Answers a request; false leaves it to the usual answers. */
export type Script = (got: Got, res: ServerResponse, req: IncomingMessage) => unknown

const tool = (name: string, hints: object) => ({ name, inputSchema: { type: 'object' }, annotations: hints })
const tools = [
  tool('read_script', { readOnlyHint: true }),
  tool('write_script', { readOnlyHint: false, destructiveHint: false }),
]

/** Sends a JSON answer as these bytes. */
export function sendText(res: ServerResponse, text: string, status = 200, headers: Record<string, string> = {}): void {
  res.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text)
}

/** Begins a stream of events; what is returned writes one, as these bytes. */
export function beginEvents(res: ServerResponse, headers: Record<string, string> = {}) {
  res.writeHead(200, { 'content-type': 'text/event-stream', ...headers })
  res.flushHeaders()
  return (text: string) => res.write(text)
}

function usual({ method, json }: Got, res: ServerResponse, session: string): unknown {
  if (method === 'DELETE') return res.writeHead(200).end()
  if (method !== 'POST') return res.writeHead(405).end()
  if (json.id === undefined) return res.writeHead(202).end()
  const answer = (result: object) => sendText(res, JSON.stringify({ jsonrpc: '2.0', id: json.id, result }))
  if (json.method === 'initialize') {
    const result = {
      protocolVersion: '2025-11-25',
      capabilities: { tools: {} },
      serverInfo: { name: 's', version: '1' },
    }
    res.setHeader('mcp-session-id', session)
    return answer(result)
  }
  if (json.method === 'tools/list') return answer({ tools })
  if (json.method === 'tools/call') return answer({ content: [{ type: 'text', text: 'done' }] })
  return sendText(res, `{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"what?"}}`, 400)
}

/**
 * An HTTP server that does what a test says, and otherwise speaks the older generation: a real port, ended with the test. It keeps
 * every request it got.
 */
export async function scriptedServer(script: Script = () => false, tls?: { key: Buffer; cert: Buffer }) {
  const got: Got[] = []
  const state = { script }
  const answer = async (req: IncomingMessage, res: ServerResponse) => {
    res.on('error', () => {})
    const parts: Buffer[] = []
    try {
      for await (const part of req as AsyncIterable<Buffer>) parts.push(part)
    } catch {
      return
    }
    const body = Buffer.concat(parts).toString('utf8')
    const [method, path] = [req.method ?? '', req.url ?? '']
    const form = req.headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false
    const one = { method, path, headers: req.headers, body, json: body === '' || form ? null : JSON.parse(body) }
    got.push(one)
    if (state.script(one, res, req) === false) usual(one, res, 'session-1')
  }
  const server = tls ? createSecureServer(tls, answer) : createServer(answer)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return {
    ...{ port, got, server, url: tls ? `https://localhost:${port}/mcp` : `http://127.0.0.1:${port}/mcp` },
    answer: (next: Script) => {
      state.script = next
    },
    /** The requests of one JSON-RPC method. */
    of: (method: string) => got.filter(({ json }) => json?.method === method),
  }
}

/** One of the servers in `test/fakes/servers` that print their address, as a process of its own, ended with the test. */
export async function sdkServer(file: string, ...args: string[]) {
  const path = fileURLToPath(new URL(`./servers/${file}.mjs`, import.meta.url))
  const child = spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(async () => {
    if (child.exitCode !== null) return
    const gone = once(child, 'exit')
    child.kill()
    await gone
  })
  const lines = createInterface({ input: child.stdout })
  const said: string[] = []
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  child.once('exit', (code) => reject(new Error(`${file} ended with ${code}`)))
  lines.on('line', (line) => {
    said.push(line)
    resolve(line)
  })
  return { url: await promise, said, child }
}
