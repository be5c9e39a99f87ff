// A server that answers nothing until the file SLOW_GATE is there, and writes a line to SLOW_LOG when it starts. SLOW_SPEAKS: `modern`,
// `both`, or `legacy`, which says nothing to what comes before `initialize`.
import { appendFileSync, existsSync } from 'node:fs'
import { createInterface } from 'node:readline'

const { SLOW_GATE: gate, SLOW_LOG: log, SLOW_SPEAKS: speaks } = process.env
appendFileSync(log, 'started\n')
const begun = new Promise((resolve) => {
  const look = () => (existsSync(gate) ? resolve() : setTimeout(look, 10))
  look()
})

const capabilities = { tools: {} }
const serverInfo = { name: 'slow', version: '1' }
const tools = [{ name: 'read_slowly', inputSchema: { type: 'object' } }]
const complete = { resultType: 'complete', ttlMs: 0, cacheScope: 'private' }
const results = {
  ...(speaks === 'legacy'
    ? {}
    : { 'server/discover': { ...complete, supportedVersions: ['2026-07-28'], capabilities } }),
  ...(speaks === 'modern' ? {} : { initialize: { protocolVersion: '2025-11-25', capabilities, serverInfo } }),
  'tools/list': { ...complete, tools },
}
const lines = createInterface({ input: process.stdin })
lines.on('close', () => process.exit())
lines.on('line', async (line) => {
  await begun
  const { id, method } = JSON.parse(line)
  const result = results[method]
  if (id === undefined || (speaks === 'legacy' && !result)) return
  const answer = result ? { result } : { error: { code: -32601, message: 'unknown' } }
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...answer })}\n`)
})
