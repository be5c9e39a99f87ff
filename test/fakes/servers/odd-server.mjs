// Answers each request with exactly the bytes that the request asks for in `params.answer` (base64), after recording the
// exact bytes it got in ODD_LOG. With `params.first` it sends that line before. For tests of byte fidelity.
import { appendFileSync } from 'node:fs'

const { ODD_LOG } = process.env
let rest = Buffer.alloc(0)

function handle(line) {
  if (ODD_LOG) appendFileSync(ODD_LOG, Buffer.concat([line, Buffer.from('\n')]))
  const message = JSON.parse(line.toString())
  const { id, method, params } = message
  const out = (text) =>
    process.stdout.write(Buffer.concat([Buffer.isBuffer(text) ? text : Buffer.from(text), Buffer.from('\n')]))
  if (method === 'initialize') {
    const result = {
      protocolVersion: params.protocolVersion,
      capabilities: { tools: {} },
      serverInfo: { name: 'odd', version: '1' },
    }
    return out(JSON.stringify({ jsonrpc: '2.0', id, result }))
  }
  if (method === 'tools/list') {
    const tool = { name: 'read_odd', inputSchema: { type: 'object' }, annotations: { readOnlyHint: true } }
    return out(JSON.stringify({ jsonrpc: '2.0', id, result: { tools: [tool] } }))
  }
  const source = params?.arguments ?? params
  for (const text of source?.first ?? []) out(Buffer.from(text, 'base64'))
  if (source?.hold || source?.answer === '') return
  if (source?.answer) out(Buffer.from(source.answer, 'base64'))
  else if (id !== undefined && method)
    out(JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32601, message: 'Method not found' } }))
}

process.stdin.on('data', (chunk) => {
  rest = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
  for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
    handle(rest.subarray(0, end))
    rest = rest.subarray(end + 1)
  }
})
process.stdin.on('end', () => process.exit(0))
