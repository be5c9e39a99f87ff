import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const shim = fileURLToPath(new URL('../../src-main/shim/main.ts', import.meta.url))

type Answer = {
  result?: { isError?: boolean; content?: { text?: string }[]; _meta?: Record<string, { code?: string }> }
  error?: { code: number; message: string; data?: { code?: string } }
}

/** A client that writes and reads bytes: whatever a real client could send, and all that it would get. */
export type RawClient = {
  process: ChildProcess
  /** Every line that came, in order. */
  lines: Buffer[]
  write: (line: string | Buffer) => void
  /** The first line, from now or before, that `match` accepts; rejects when the connection ends first. */
  line: (match: (line: Buffer) => boolean) => Promise<Buffer>
  request: (method: string, params?: object) => Promise<Answer>
  notify: (method: string, params?: object) => void
  /** Calls a tool and gives the outcome in one word: `ok`, the refusal's code, or the JSON-RPC error's. */
  call: (name: string, args?: object) => Promise<{ outcome: string; text: string }>
  initialize: () => Promise<Answer>
  close: () => Promise<void>
}

/** What came of a tool call, in one word, and the text that came with it. */
export function outcomeOf({ result, error }: Answer): { outcome: string; text: string } {
  const refusal = result?._meta?.['dev.toolgate/refusal']?.code
  const outcome = refusal ?? (error ? (error.data?.code ?? String(error.code)) : result?.isError ? 'tool_error' : 'ok')
  return { outcome, text: result?.content?.[0]?.text ?? error?.message ?? '' }
}

/** Runs a shim from a client that is not this process, so that the test may play the person at another terminal too. */
export const clientApart = ['/bin/sh', '-c', 'cat | "$@"', 'client']

/**
 * Connects through a real shim process to the gateway of `profile`. The client is this process, and with it everything it
 * starts is governed, unless `apart` gives words that run the shim from a process of their own.
 */
export function connectClient(
  profile: string,
  server: string,
  options: string[] = [],
  apart: readonly string[] = [],
): RawClient {
  const words = [...apart, process.execPath, shim, '--profile', profile, ...options, ...(server === '' ? [] : [server])]
  const child = spawn(words[0] ?? '', words.slice(1), { stdio: ['pipe', 'pipe', 'pipe'] })
  const lines: Buffer[] = []
  const waiting = new Set<() => void>()
  let rest = Buffer.alloc(0)
  let ended = false
  let complaints = ''
  let count = 0
  const wake = () => {
    for (const check of [...waiting]) check()
  }
  child.stderr.on('data', (chunk) => {
    complaints += chunk
  })
  child.stdout.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk])
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      lines.push(rest.subarray(0, end))
      rest = rest.subarray(end + 1)
    }
    wake()
  })
  child.stdin.on('error', () => {})
  child.on('close', () => {
    ended = true
    wake()
  })

  const line: RawClient['line'] = (match) =>
    new Promise((resolve, reject) => {
      const check = () => {
        const found = lines.find(match)
        if (!found && !ended) return
        waiting.delete(check)
        if (found) resolve(found)
        else reject(new Error(`the connection ended${complaints && `: ${complaints}`}`))
      }
      waiting.add(check)
      check()
    })
  const write: RawClient['write'] = (text) =>
    void child.stdin.write(Buffer.concat([Buffer.from(text), Buffer.from('\n')]))
  const request: RawClient['request'] = async (method, params = {}) => {
    const id = `raw-${++count}`
    write(JSON.stringify({ jsonrpc: '2.0', id, method, params }))
    const answer = await line(
      (candidate) => candidate.includes(`"${id}"`) && JSON.parse(candidate.toString()).id === id,
    )
    return JSON.parse(answer.toString()) as Answer
  }
  const notify: RawClient['notify'] = (method, params = {}) => write(JSON.stringify({ jsonrpc: '2.0', method, params }))

  return {
    process: child,
    lines,
    write,
    line,
    request,
    notify,
    async call(name, args = {}) {
      return outcomeOf(await request('tools/call', { name, arguments: args }))
    },
    async initialize() {
      const answer = await request('initialize', {
        protocolVersion: '2025-11-25',
        capabilities: {},
        clientInfo: { name: 'raw-client', version: '1' },
      })
      if (!answer.error) notify('notifications/initialized')
      return answer
    },
    async close() {
      if (ended) return
      const gone = once(child, 'close')
      child.stdin.end()
      await gone
    },
  }
}
