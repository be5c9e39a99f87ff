// What governed calls over HTTP are held against: the least that lets HTTP clients use a stdio server. It starts the server
// given as arguments, listens on 127.0.0.1, says its port on the first line, and gives each request an id of its own. With
// `--records FILE` before the server it also keeps the promise about records, as `least.ts` does.
import { spawn } from 'node:child_process'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { eachLine } from '../each-line.ts'
import { type Note, openSafeRecord } from './safe-record.ts'

type Message = { id?: unknown; method?: string }

const given = process.argv.slice(2)
const noNote: Note = (_event, _about, release) => release?.()
const note = given[0] === '--records' ? openSafeRecord(given.splice(0, 2)[1] ?? '') : noNote
const [command = process.execPath, ...args] = given
const server = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
const waiting = new Map<unknown, { id: unknown; response: ServerResponse; headers: Record<string, string> }>()
let count = 0

eachLine(server.stdout, (line) => {
  const message = JSON.parse(line) as Message
  const caller = waiting.get(message.id)
  if (!caller) return
  waiting.delete(message.id)
  message.id = caller.id
  const text = JSON.stringify(message)
  note('outcome', text.slice(0, 200), () => {
    const body = Buffer.from(text)
    caller.response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': body.length,
      ...caller.headers,
    })
    caller.response.end(body)
  })
})

const listener = createServer((request, response) => {
  if (request.method !== 'POST') {
    response.writeHead(request.method === 'DELETE' ? 200 : 405).end()
    return
  }
  const parts: Buffer[] = []
  request.on('data', (part: Buffer) => parts.push(part))
  request.on('end', () => {
    const message = JSON.parse(Buffer.concat(parts).toString()) as Message
    if (message.id !== undefined && message.method) {
      const headers: Record<string, string> = message.method === 'initialize' ? { 'mcp-session-id': 'bridge' } : {}
      waiting.set(++count, { id: message.id, response, headers })
      message.id = count
    } else response.writeHead(202).end()
    const text = JSON.stringify(message)
    note('intent', text)
    server.stdin.write(`${text}\n`)
  })
})
listener.keepAliveTimeout = 60_000
listener.listen(0, '127.0.0.1', () => process.stdout.write(`${(listener.address() as AddressInfo).port}\n`))
server.on('exit', (code) => process.exit(code ?? 1))
