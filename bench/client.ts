import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { eachLine } from './each-line.ts'

type Answer = { id?: number; result?: { isError?: boolean }; error?: object }
type Waiting = { resolve: (answer: Answer) => void; reject: (error: Error) => void }

/** A client of one target over stdio, with as little work of its own as there can be. */
export type Client = Awaited<ReturnType<typeof connect>>

/** Starts a Node program with `args`, and initializes it as an MCP server. Rejects with what it said when it ends. */
export async function connect(args: readonly string[]) {
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
    const answer = JSON.parse(line) as Answer
    const caller = waiting.get(Number(answer.id))
    waiting.delete(Number(answer.id))
    caller?.resolve(answer)
  })

  function request(method: string, params: object): Promise<Answer> {
    if (gone) throw new Error(`\`${args.join(' ')}\` ended: ${complaints}`)
    const id = ++count
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    waiting.set(id, { resolve, reject })
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`)
    return promise
  }

  await request('initialize', {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'bench', version: '1' },
  })
  child.stdin.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n')

  return {
    pid: child.pid ?? 0,

    /** Calls a tool; rejects when the answer is anything but a result, since a refused call says nothing about speed. */
    async call(name: string, args: object): Promise<void> {
      const answer = await request('tools/call', { name, arguments: args })
      if (answer.result?.isError === true || !answer.result) throw new Error(`\`${name}\`: ${JSON.stringify(answer)}`)
    },

    async listTools(): Promise<void> {
      await request('tools/list', {})
    },

    async close(): Promise<void> {
      if (gone) return
      const closed = once(child, 'close')
      child.stdin.end()
      await closed
    },
  }
}
