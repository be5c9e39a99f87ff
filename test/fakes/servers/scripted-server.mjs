// A server of protocol 2026-07-28 without any library, which does what the arguments of its tool say. Lines are base64; in
// them `$ID` stands for the id of the request, `$TOKEN` for its progress token and `$LISTENER` for the first subscription, as they came. It writes its process id and
// the exact bytes it gets to SCRIPT_LOG.
//   first    lines that it sends at once
//   answer   the line that answers
//   hold     answer only once another call says `release` with the same word
//   exit     end instead of answering
// `subscriptions/listen` is acknowledged and stays open; a call with `announce` tells every listener, with `dismiss` answers all.
// With SCRIPT_FRAGILE set, `initialize` ends it.
// `script/pad` is answered with as many numbers as its `pad` says.
import { appendFileSync } from 'node:fs'

const { SCRIPT_LOG, SCRIPT_FRAGILE } = process.env
const note = (text) => SCRIPT_LOG && appendFileSync(SCRIPT_LOG, `${text}\n`)
const complete = { resultType: 'complete', ttlMs: 0, cacheScope: 'private' }
const subscription = 'io.modelcontextprotocol/subscriptionId'
const held = new Map()
let listeners = []
let rest = Buffer.alloc(0)

const send = (message) => process.stdout.write(`${typeof message === 'string' ? message : JSON.stringify(message)}\n`)

function call({ id, params }) {
  const { first = [], answer, hold, release, exit, announce, dismiss } = params.arguments ?? {}
  const filled = (text) =>
    Buffer.from(text, 'base64')
      .toString('utf8')
      .replaceAll('$ID', JSON.stringify(id))
      .replaceAll('$LISTENER', JSON.stringify(listeners[0]))
      .replaceAll('$TOKEN', JSON.stringify(params._meta.progressToken))
  for (const text of first) send(filled(text))
  if (exit) return process.exit(3)
  for (const listener of announce ? listeners : []) {
    send({
      jsonrpc: '2.0',
      method: 'notifications/tools/list_changed',
      params: { _meta: { [subscription]: listener } },
    })
  }
  for (const listener of dismiss ? listeners : []) {
    send({ jsonrpc: '2.0', id: listener, result: { resultType: 'complete', _meta: { [subscription]: listener } } })
  }
  if (dismiss) listeners = []
  held.get(release)?.()
  const reply = () =>
    send(answer ? filled(answer) : { jsonrpc: '2.0', id, result: { resultType: 'complete', content: [] } })
  if (hold) held.set(hold, reply)
  else reply()
}

function handle(line) {
  note(line)
  const { id, method, params } = JSON.parse(line)
  const result = (fields) => send({ jsonrpc: '2.0', id, result: { ...complete, ...fields } })
  if (method === 'server/discover') return result({ supportedVersions: ['2026-07-28'], capabilities: { tools: {} } })
  if (method === 'initialize' && SCRIPT_FRAGILE) process.exit(4)
  if (method === 'tools/list') {
    const inputSchema = { type: 'object', properties: { region: { type: 'string', 'x-mcp-header': 'Region' } } }
    const read = { name: 'read_script', inputSchema, annotations: { readOnlyHint: true } }
    const write = {
      ...{ name: 'write_script', inputSchema: { type: 'object' } },
      annotations: { readOnlyHint: false, destructiveHint: false },
    }
    return result({ tools: [read, write] })
  }
  if (method === 'tools/call') return call({ id, params })
  if (method === 'script/pad') return result({ pad: new Array(params.pad).fill(1) })
  if (method === 'subscriptions/listen') {
    listeners.push(id)
    const acknowledged = { notifications: params.notifications, _meta: { [subscription]: id } }
    return send({ jsonrpc: '2.0', method: 'notifications/subscriptions/acknowledged', params: acknowledged })
  }
  if (id !== undefined && method) send({ jsonrpc: '2.0', id, error: { code: -32601, message: 'Method not found' } })
}

note(`pid ${process.pid}`)
process.stdin.on('data', (chunk) => {
  rest = Buffer.concat([rest, chunk])
  for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
    handle(rest.subarray(0, end).toString('utf8'))
    rest = rest.subarray(end + 1)
  }
})
process.stdin.on('end', () => process.exit(0))
