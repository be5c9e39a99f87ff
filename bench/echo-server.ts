// The server that every target of the bench talks to: raw JSON-RPC over stdio, as little work per call as there can be.
import { eachLine } from './each-line.ts'

type Call = { name: string; arguments?: { message?: string; size?: number } }
type Request = {
  id?: number | string
  method: string
  params?: Call & { protocolVersion?: string; progressToken?: number }
}

/** How long `slow_echo` takes, in milliseconds: a quick tool of real life. */
const slowMs = 5

const inputSchema = {
  type: 'object',
  properties: { message: { type: 'string' }, size: { type: 'integer', minimum: 0 } },
}
const echo = (name: string, annotations: object) => ({
  name,
  description: 'Echoes its message',
  inputSchema,
  annotations,
})
const filler = (index: number) => ({
  name: `list_${index}`,
  description: `Tool number ${index}, so that the list has a usual length`,
  inputSchema: { type: 'object', properties: { path: { type: 'string', description: 'A path' } }, required: ['path'] },
})
const tools = [
  echo('read_echo', { readOnlyHint: true }),
  echo('write_echo', { readOnlyHint: false, destructiveHint: false }),
  echo('slow_echo', { readOnlyHint: true }),
  ...Array.from({ length: 9 }, (_, index) => filler(index)),
]

const words = 'the quick brown fox jumps over the lazy dog 0123456789 '
const texts = new Map<number, string>()

/** JSON of a text of `size` bytes, made once: what a long result costs the server must not count. */
function textOf(size: number): string {
  const known = texts.get(size)
  if (known) return known
  const text = JSON.stringify(words.repeat(Math.ceil(size / words.length)).slice(0, size))
  texts.set(size, text)
  return text
}

function send(id: string, member: 'result' | 'error', body: string): void {
  process.stdout.write(`{"jsonrpc":"2.0","id":${id},"${member}":${body}}\n`)
}

function answer({ id, method, params }: Request): void {
  const idText = JSON.stringify(id)
  if (method === 'initialize') {
    const serverInfo = { name: 'bench-echo', version: '1' }
    const protocolVersion = params?.protocolVersion ?? '2025-11-25'
    send(idText, 'result', JSON.stringify({ protocolVersion, capabilities: { tools: {} }, serverInfo }))
  } else if (method === 'tools/list') {
    send(idText, 'result', JSON.stringify({ tools }))
  } else if (method === 'tools/call') {
    const { message = '', size } = params?.arguments ?? {}
    const body = `{"content":[{"type":"text","text":${size === undefined ? JSON.stringify(message) : textOf(size)}}]}`
    if (params?.name === 'slow_echo') setTimeout(() => send(idText, 'result', body), slowMs)
    else send(idText, 'result', body)
  } else if (method === 'ping') {
    send(idText, 'result', '{}')
  } else if (method === 'notifications/progress') {
    // Sent back, so that a client can time the way there and back.
    process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', method, params })}\n`)
  } else if (id !== undefined) {
    send(idText, 'error', '{"code":-32601,"message":"Method not found"}')
  }
}

eachLine(process.stdin, (line) => answer(JSON.parse(line)))
process.stdin.on('end', () => process.exit(0))
