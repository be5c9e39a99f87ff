import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { endProcess } from './end-process.ts'

/** One call that the client process is told to make, as a line of JSON. */
export type CallOrder = { id: number; server: string; tool: string; args: Record<string, unknown> }

/** What came of it: `text` is what a model would read, `refusal` Toolgate's reason code when Toolgate refused. */
export type CallAnswer = { id: number; isError: boolean; refusal: string | null; text: string }

/** The demo's side of the client process. */
export type Agent = {
  call: (server: string, tool: string, args: Record<string, unknown>) => Promise<CallAnswer>
  /** Ends it as people end a client, and waits until it has gone. */
  end: () => Promise<void>
}

/**
 * Starts the AI client as a process of its own. The shims are its children, not ours: who starts a shim is governed, and
 * what a governed process starts cannot answer prompts.
 */
export function startAgent(shim: string, profile: string): Agent {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'client.ts'), shim, profile], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const waiting = new Map<number, (answer: CallAnswer) => void>()
  const gone = new Promise<never>((_, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => reject(new Error(`the client ended with ${signal ?? code}`)))
  })
  gone.catch(() => {
    // Only calls that still wait for an answer care.
  })
  child.stdin.on('error', () => {
    // The client has gone; `gone` says so to whoever waits.
  })
  createInterface({ input: child.stdout }).on('line', (line) => {
    const answer = JSON.parse(line) as CallAnswer
    waiting.get(answer.id)?.(answer)
  })
  let lastId = 0
  return {
    call(server, tool, args) {
      const id = ++lastId
      const answered = new Promise<CallAnswer>((resolve) => waiting.set(id, resolve))
      child.stdin.write(`${JSON.stringify({ id, server, tool, args } satisfies CallOrder)}\n`)
      return Promise.race([answered, gone])
    },
    end: () => endProcess(child, () => void child.stdin.end()),
  }
}
