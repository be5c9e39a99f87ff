// A small MCP server over stdio, both generations, without any library: what it gets and sends is exactly what is written here.
// A call whose arguments hold `hold` arrives and is never answered.
//   NOTES_LOG    a file that gets one line per tool call: the only truth about what reached the server
//   NOTES_TOOLS  a file with its tools as JSON, read at each tools/list, so that a test can change definitions
//   NOTES_SAYS   a file with its instructions, read at each start
//   NOTES_ERA    `legacy` (default), `modern`, or `fragile`: legacy, and exits on anything before `initialize`
import { appendFileSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

const { NOTES_LOG, NOTES_TOOLS, NOTES_SAYS, NOTES_ERA = 'legacy' } = process.env

const object = { type: 'object', properties: { text: { type: 'string' }, path: { type: 'string' } } }
const standard = [
  { name: 'read_note', description: 'Reads a note', inputSchema: object, annotations: { readOnlyHint: true } },
  {
    name: 'write_note',
    description: 'Writes a note',
    inputSchema: object,
    annotations: { readOnlyHint: false, destructiveHint: false },
  },
  { name: 'delete_note', description: 'Deletes a note', inputSchema: object },
  { name: 'slow_read', description: 'Reads slowly', inputSchema: object, annotations: { readOnlyHint: true } },
  {
    name: 'flaky_read',
    description: 'Fails twice, then reads',
    inputSchema: object,
    annotations: { readOnlyHint: true },
  },
  {
    name: 'leak_read',
    description: 'Reads what it should not',
    inputSchema: object,
    annotations: { readOnlyHint: true },
  },
  { name: 'crash_read', description: 'Ends the server', inputSchema: object, annotations: { readOnlyHint: true } },
  {
    name: 'garble_read',
    description: 'Answers with two results',
    inputSchema: object,
    annotations: { readOnlyHint: true },
  },
]

const says = () => (NOTES_SAYS ? { instructions: readFileSync(NOTES_SAYS, 'utf8') } : {})

let initialized = false
let flaky = 0
const send = (message) => process.stdout.write(`${typeof message === 'string' ? message : JSON.stringify(message)}\n`)
const text = (value) => ({
  ...(NOTES_ERA === 'modern' ? { resultType: 'complete' } : {}),
  content: [{ type: 'text', text: value }],
})
const tools = () => (NOTES_TOOLS ? JSON.parse(readFileSync(NOTES_TOOLS, 'utf8')) : standard)

function call({ id, params }) {
  if (NOTES_LOG) appendFileSync(NOTES_LOG, `${params.name} ${JSON.stringify(params.arguments ?? {})}\n`)
  const reply = (result) => send({ jsonrpc: '2.0', id, result })
  if (params.arguments?.hold) return
  switch (params.name) {
    case 'slow_read':
      return
    case 'flaky_read':
      if (flaky++ < 2) return send({ jsonrpc: '2.0', id, error: { code: -32603, message: 'not this time' } })
      return reply(text(`after ${flaky} tries`))
    case 'leak_read':
      return reply(text(`the key is ghp_${'aB3dE5gH7jK9mN1pQ3sT5vW7xY9zA2cD4fG6'} ok`))
    case 'crash_read':
      return process.exit(3)
    case 'garble_read':
      return send(
        `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{"content":[]},"result":{"content":[{"type":"text","text":"two"}]}}`,
      )
    default:
      return reply(text(`${params.name} did ${JSON.stringify(params.arguments ?? {})}`))
  }
}

function handle(message) {
  const { id, method, params } = message
  if (NOTES_ERA === 'fragile' && !initialized && method !== 'initialize') process.exit(7)
  if (method === 'initialize') {
    initialized = true
    const result = {
      protocolVersion: params.protocolVersion,
      capabilities: { tools: { listChanged: true } },
      serverInfo: { name: 'notes', version: '1' },
      ...says(),
    }
    return send({ jsonrpc: '2.0', id, result })
  }
  if (method === 'server/discover' && NOTES_ERA === 'modern') {
    const result = {
      resultType: 'complete',
      supportedVersions: ['2026-07-28'],
      capabilities: { tools: {} },
      ttlMs: 0,
      cacheScope: 'private',
      ...says(),
    }
    return send({ jsonrpc: '2.0', id, result })
  }
  if (method === 'tools/list')
    return send({
      jsonrpc: '2.0',
      id,
      result: { tools: tools(), ...(NOTES_ERA === 'modern' ? { resultType: 'complete' } : {}) },
    })
  if (method === 'tools/call') return call(message)
  if (method === 'notes/announce') send({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' })
  if (method === 'ping' || method === 'notes/announce') return send({ jsonrpc: '2.0', id, result: {} })
  if (id !== undefined && method)
    return send({ jsonrpc: '2.0', id, error: { code: -32601, message: 'Method not found' } })
}

createInterface({ input: process.stdin })
  .on('line', (line) => handle(JSON.parse(line)))
  .on('close', () => process.exit(0))
