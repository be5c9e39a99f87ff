// A server that, once it was greeted, asks its client for everything a client can be asked, then without end, and offers a tool
// only to clients that can be asked; the tool's description is what it was answered.
import { createInterface } from 'node:readline'

const questions = ['ping', 'roots/list', 'elicitation/create', 'sampling/createMessage', 'tools/list']
const wanted = 1_000

const answers = new Map()
let able = false
let asked = null
const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
const whenAnswered = (done) => (answers.has('last') ? done() : setTimeout(whenAnswered, 5, done))

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params, result, error } = JSON.parse(line)
  if (method === 'initialize') {
    able = ['roots', 'sampling', 'elicitation'].every((name) => name in params.capabilities)
    const serverInfo = { name: 'asking', version: '1' }
    send({ id, result: { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo } })
  } else if (method === 'notifications/initialized') {
    questions.forEach((question, index) => {
      send({ id: `question-${index}`, method: question, params: {} })
    })
    for (let count = 0; count < wanted; count++) send({ id: count, method: 'ping' })
    asked = setTimeout(() => answers.set('last', true), 300)
  } else if (method === 'tools/list') {
    whenAnswered(() => {
      const said = questions.map((question, index) => ({ question, answer: answers.get(`question-${index}`) }))
      const description = JSON.stringify({ said, answers: answers.size - 1 })
      send({ id, result: { tools: able ? [{ name: 'ask', description, inputSchema: { type: 'object' } }] : [] } })
    })
  } else if (method === undefined) {
    answers.set(id, result ?? error)
    asked?.refresh()
  } else {
    send({ id, error: { code: -32601, message: 'unknown' } })
  }
})
