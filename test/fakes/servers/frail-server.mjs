// A server of the older generation, without any library, that ends on cue. It writes one line per process and per message to
// FRAIL_LOG: `start <pid>`, then `<method> <pid>`.
//   FRAIL_CUE  a file, read at each start and each call. What it says happens:
//     `die at start`   it ends with code 4 before it reads anything, after complaining
//     `other name`     it says that it is another server
//     `say LINE`       it answers `initialize` with that line, in which `$ID` is the id of the request and `$PAD` 100,000 letters
//     `ask`            a call first asks the client for its roots, under the id 0, and answers once that was answered
// Tools: `read_state` tells its process id and how often this process was called; `end_read` ends it with code 3;
// `held_read` is never answered. `frail/level` tells its log level, `frail/subscriptions` what it was subscribed to.
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

const { FRAIL_LOG, FRAIL_CUE = '' } = process.env
const cue = () => (existsSync(FRAIL_CUE) ? readFileSync(FRAIL_CUE, 'utf8') : '')
const note = (text) => FRAIL_LOG && appendFileSync(FRAIL_LOG, `${text} ${process.pid}\n`)
const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)

note('start')
if (cue().includes('die at start')) {
  process.stderr.write('no licence was found, see ghp_aB3dE5gH7jK9mN1pQ3sT5vW7xY9zA2cD4fG6\n')
  process.exit(4)
}

const capabilities = { tools: { listChanged: true }, logging: {}, resources: { subscribe: true } }
const read = { inputSchema: { type: 'object' }, annotations: { readOnlyHint: true } }
const tools = ['read_state', 'end_read', 'held_read'].map((name) => ({ name, ...read }))
const subscriptions = new Set()
let level = 'none'
let initialized = false
let calls = 0
let asking = null

function call({ id, params }) {
  calls++
  const reply = () => {
    const text = JSON.stringify({ pid: process.pid, calls })
    send({ id, result: { content: [{ type: 'text', text }] } })
  }
  if (params.name === 'end_read') process.exit(3)
  if (params.name === 'held_read') return
  if (!cue().includes('ask')) return reply()
  asking = reply
  send({ id: 0, method: 'roots/list' })
}

function handle({ id, method, params, result }) {
  note(method ?? `answer ${JSON.stringify(result)}`)
  if (!method) return id === 0 && asking ? asking() : undefined
  const answer = (value) => send({ id, result: value })
  const [, said] = /^say (.*)$/.exec(cue()) ?? []
  if (method === 'initialize' && said) {
    const line = said.replace('$ID', JSON.stringify(id)).replace('$PAD', 'x'.repeat(100_000))
    return process.stdout.write(`${line}\n`)
  }
  if (method === 'initialize') {
    const serverInfo = { name: cue().includes('other name') ? 'another' : 'frail', version: '1' }
    return answer({ protocolVersion: params.protocolVersion, capabilities, serverInfo })
  }
  if (method === 'notifications/initialized') initialized = true
  if (id === undefined) return
  if (!initialized && method !== 'ping') return send({ id, error: { code: -32600, message: 'not initialized' } })
  if (method === 'tools/list') return answer({ tools })
  if (method === 'tools/call') return call({ id, params })
  if (method === 'logging/setLevel') level = params.level
  if (method === 'resources/subscribe') subscriptions.add(params.uri)
  if (method === 'resources/unsubscribe') subscriptions.delete(params.uri)
  if (method === 'frail/level') return answer({ level })
  if (method === 'frail/subscriptions') return answer({ uris: [...subscriptions] })
  answer({})
}

createInterface({ input: process.stdin })
  .on('line', (line) => handle(JSON.parse(line)))
  .on('close', () => process.exit(0))
