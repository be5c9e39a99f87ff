// Answers each request with exactly the bytes that the request asks for in `params.answer` (base64), after recording the
// exact bytes it got in ODD_LOG. With `params.first` it sends that line before. For tests of byte fidelity. In what it sends,
// `@ID@` and `@TOKEN@` become the id and the token for progress that came, `@PID@` the id of its process, `@PAD@` as many letters
// as `params.pad` says, or that often `params.padding`. With `params.hold` it never answers.
// With ODD_MODERN it speaks the stateless generation.
import { appendFileSync } from 'node:fs'

const { ODD_LOG, ODD_MODERN } = process.env
let rest = Buffer.alloc(0)

function handle(line) {
  if (ODD_LOG) appendFileSync(ODD_LOG, Buffer.concat([line, Buffer.from('\n')]))
  const message = JSON.parse(line.toString())
  const { id, method, params } = message
  const out = (text) =>
    process.stdout.write(Buffer.concat([Buffer.isBuffer(text) ? text : Buffer.from(text), Buffer.from('\n')]))
  // As latin1, so that each byte stays what it is.
  const fill = (text) => {
    const found = Buffer.from(text, 'base64').toString('latin1')
    if (!found.includes('@')) return Buffer.from(found, 'latin1')
    const filled = found
      .replaceAll('@ID@', JSON.stringify(id))
      .replaceAll('@TOKEN@', JSON.stringify(params?._meta?.progressToken))
      .replaceAll('@PID@', String(process.pid))
      .replaceAll(
        '@PAD@',
        ((params?.arguments ?? params)?.padding ?? 'x').repeat((params?.arguments ?? params)?.pad ?? 0),
      )
    return Buffer.from(filled, 'latin1')
  }
  const complete = ODD_MODERN ? { resultType: 'complete', ttlMs: 0, cacheScope: 'private' } : {}
  if (method === 'server/discover' && ODD_MODERN) {
    const result = { ...complete, supportedVersions: ['2026-07-28'], capabilities: { tools: {} } }
    return out(JSON.stringify({ jsonrpc: '2.0', id, result }))
  }
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
    const write = { ...tool, name: 'write_odd', annotations: { readOnlyHint: false, destructiveHint: false } }
    return out(JSON.stringify({ jsonrpc: '2.0', id, result: { ...complete, tools: [tool, write] } }))
  }
  const source = params?.arguments ?? params
  for (const text of source?.first ?? []) out(fill(text))
  if (source?.hold || source?.answer === '') return
  if (source?.answer) out(fill(source.answer))
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
