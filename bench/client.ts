import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { eachLine } from './each-line.ts'

/** A message that answers a request of the bench. */
export type Answer = { id?: number; result?: { isError?: boolean }; error?: object }
type Incoming = Answer & { method?: string; params?: { progressToken?: number } }
type Waiting = { resolve: (answer: Answer) => void; reject: (error: Error) => void }

/** What a client asks of a target; each rejects when the answer is anything but a result, which would say nothing about speed. */
export type Client = {
  /** The process that the client started; 0 for none. */
  pid: number
  call: (name: string, args: object) => Promise<void>
  /** A request that no policy governs. */
  ping: () => Promise<void>
  /** A notification to the server and the one that it answers with; no policy governs either. Not over HTTP. */
  progress: () => Promise<void>
  listTools: () => Promise<void>
  close: () => Promise<void>
}

/** What every client says first. */
export const hello = {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'bench', version: '1' },
}

/** Throws when an answer is no result. */
export function checkAnswer(answer: Answer, what: string): void {
  if (answer.result?.isError === true || !answer.result) throw new Error(`\`${what}\`: ${JSON.stringify(answer)}`)
}

/** Starts a Node program with `args`, and initializes it as an MCP server on stdio. Rejects with what it said when it ends. */
export async function connect(args: readonly string[]): Promise<Client> {
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] })
  const waiting = new Map<number, Waiting>()
  let complaints = ''
  let gone = false
  let count = 0

  child.stderr.on('data', (chunk) => {
    complaints = `${complaints}${chunk}`.slice(-2000)
  })
  child.on('close', () => {
    gone = true
    for (const { reject } of waiting.values()) reject(new Error(`\`${args.join(' ')}\` ended: ${complaints}`))
  })
  child.stdin.on('error', () => {})
  eachLine(child.stdout, (line) => {
    const message = JSON.parse(line) as Incoming
    const key = Number(message.method === 'notifications/progress' ? message.params?.progressToken : message.id)
    const caller = waiting.get(key)
    waiting.delete(key)
    caller?.resolve(message)
  })

  /** Writes a message and resolves with what comes back under its number. */
  function exchange(messageOf: (number: number) => object): Promise<Answer> {
    if (gone) throw new Error(`\`${args.join(' ')}\` ended: ${complaints}`)
    const number = ++count
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    waiting.set(number, { resolve, reject })
    child.stdin.write(`${JSON.stringify(messageOf(number))}\n`)
    return promise
  }

  async function request(method: string, params: object): Promise<void> {
    checkAnswer(await exchange((id) => ({ jsonrpc: '2.0', id, method, params })), method)
  }

  await request('initialize', hello)
  child.stdin.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n')
  return {
    pid: child.pid ?? 0,
    call: (name, given) => request('tools/call', { name, arguments: given }),
    ping: () => request('ping', {}),
    listTools: () => request('tools/list', {}),
    async progress() {
      const method = 'notifications/progress'
      await exchange((progressToken) => ({ jsonrpc: '2.0', method, params: { progressToken, progress: 1 } }))
    },
    async close() {
      if (gone) return
      const closed = once(child, 'close')
      child.stdin.end()
      await closed
    },
  }
}
