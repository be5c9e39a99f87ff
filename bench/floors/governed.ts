// What a gateway is held against that flushes every record: the least that decides, scans and records in Node. No product, a
// yardstick: one table of rules, one scan each way, and two records a call, each on the disk before anything follows from it.
// Arguments: the file of its records, then the server's command line.
import { spawn } from 'node:child_process'
import { eachLine } from '../each-line.ts'
import { canonical, type FloorRecord, openRecords, sha256 } from './records.ts'
import { countSecrets } from './scan.ts'

type Message = {
  id?: number | string
  method?: string
  params?: { name: string; arguments?: Record<string, unknown> }
  result?: { content?: { type: string; text: string }[]; structuredContent?: unknown }
}
type Call = { tool: string; args: string; argsHash: string; found: number; began: bigint }

const [file = '', command = process.execPath, ...args] = process.argv.slice(2)
const record = openRecords(file)
const server = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
const open = new Map<number | string | undefined, Call>()
const rules = new Map(Array.from({ length: 100 }, (_, index) => [`tool_${index}`, index % 7 === 0 ? 'deny' : 'allow']))

const send = (line: string) => void process.stdout.write(`${line}\n`)
const forward = (message: Message) => void server.stdin.write(`${JSON.stringify(message)}\n`)

function recordOf(call: Call, kind: FloorRecord['kind'], verdict: FloorRecord['verdict']): FloorRecord {
  const { tool, args, argsHash, found } = call
  return { at: Date.now(), kind, tool, verdict, args, argsHash, resultHash: null, bytes: 0, found, us: 0 }
}

function allows(tool: string, given: Record<string, unknown>): boolean {
  return (rules.get(tool) ?? 'allow') === 'allow' && !String(given.path ?? '').startsWith('/etc/')
}

function fromClient(message: Message): void {
  if (message.method !== 'tools/call') {
    forward(message)
    return
  }
  const { name = '', arguments: given = {} } = message.params ?? {}
  const text = canonical(given)
  const call = {
    tool: name,
    args: text.slice(0, 2000),
    argsHash: sha256(text),
    found: countSecrets(text),
    began: process.hrtime.bigint(),
  }
  if (!allows(name, given) || call.found > 0) {
    const content = [{ type: 'text', text: 'denied by policy' }]
    const refusal = JSON.stringify({ jsonrpc: '2.0', id: message.id, result: { isError: true, content } })
    record(recordOf(call, 'deny', 'deny'), () => send(refusal))
    return
  }
  open.set(message.id, call)
  record(recordOf(call, 'intent', 'allow'), () => forward(message))
}

function fromServer(message: Message): void {
  // Written anew, as whatever masks must.
  const line = JSON.stringify(message)
  const call = message.method === undefined ? open.get(message.id) : undefined
  if (!call) {
    send(line)
    return
  }
  open.delete(message.id)
  const texts = (message.result?.content ?? []).flatMap((part) => (part.type === 'text' ? [part.text] : []))
  const structured = message.result?.structuredContent
  if (structured !== undefined) texts.push(JSON.stringify(structured))
  const found = texts.reduce((sum, text) => sum + countSecrets(text), 0)
  const us = Number((process.hrtime.bigint() - call.began) / 1000n)
  const ended = recordOf(call, 'call', found > 0 ? 'flag' : 'allow')
  record({ ...ended, resultHash: sha256(line), bytes: line.length, found, us }, () => send(line))
}

eachLine(process.stdin, (line) => fromClient(JSON.parse(line)))
eachLine(server.stdout, (line) => fromServer(JSON.parse(line)))
process.stdin.on('end', () => server.stdin.end())
server.on('exit', (code) => process.exit(code ?? 1))
