// Floods its client, in the older generation. The arguments of a call of `read_flood` say with what:
//   asks      it asks so often, and only then reads on; 0: without end, and never reads again
//   method    what it asks, else `ping`
//   from      the first id; pad: so many letters go before each
//   cancel    it takes each question back at once
//   hangs     it does nothing any more
//   says      instead of asking, it writes this line so often; `@` becomes the number
// `flood/answers` gives how many answers it got, and what those said that refused.
import { createInterface } from 'node:readline'

const write = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
const tool = { name: 'read_flood', inputSchema: { type: 'object' }, annotations: { readOnlyHint: true } }
let answers = 0
const refusals = {}

function asking({ method = 'ping', from = 1, pad, cancel, says }, at) {
  if (says) return `${says.replaceAll('@', at)}\n`
  const id = pad ? `${'i'.repeat(pad)}${from + at}` : from + at
  const ask = `${JSON.stringify({ jsonrpc: '2.0', id, method })}\n`
  if (!cancel) return ask
  return `${ask}${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: id } })}\n`
}

function floodForEver(args) {
  lines.close()
  process.stdin.pause()
  let at = 0
  const go = () => {
    let text = ''
    for (let more = 0; more < 500; more++) text += asking(args, at++)
    if (process.stdout.write(text)) setImmediate(go)
    else process.stdout.once('drain', go)
  }
  go()
}

const lines = createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params, error } = JSON.parse(line)
  if (method === 'initialize') {
    const serverInfo = { name: 'flooding', version: '1' }
    const capabilities = { tools: {}, logging: {} }
    write({ id, result: { protocolVersion: '2025-11-25', capabilities, serverInfo } })
  } else if (method === 'tools/list') write({ id, result: { tools: [tool] } })
  else if (method === 'tools/call') {
    const { asks = 0, ...args } = params.arguments
    if (args.hangs) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
    if (asks === 0) return floodForEver(args)
    for (let at = 0; at < asks; at++) process.stdout.write(asking(args, at))
    write({ id, result: { content: [] } })
  } else if (method === 'flood/answers') write({ id, result: { answers, refusals } })
  else if (method === undefined) {
    answers++
    if (error) refusals[error.message] = (refusals[error.message] ?? 0) + 1
  }
})
process.stdin.on('end', () => process.exit(0))
