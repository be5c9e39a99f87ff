import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { cliWords } from '../fakes/built.ts'
import type { FaultHostOptions } from '../fakes/fault-host.ts'

/** A test program that talks in lines; `line` gives the first one, from now or before, that fits. */
export type Child = {
  process: ChildProcess
  pid: number
  write: (value: unknown) => void
  line: <T>(fits: (line: string) => T | undefined) => Promise<T>
  /** Resolves when it has ended and everything that it said was read: its exit code, or the signal. */
  ended: Promise<number | string>
}

const fake = (file: string) => fileURLToPath(new URL(`../fakes/${file}`, import.meta.url))

function startChild(program: string, args: readonly string[]): Child {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['pipe', 'pipe', 'pipe'] })
  const lines: string[] = []
  const waiting = new Set<() => void>()
  let complaints = ''
  let over = false
  const wake = () => {
    for (const check of [...waiting]) check()
  }
  child.stderr.on('data', (chunk) => {
    complaints += chunk
  })
  // Killed while we write: `ended` tells.
  child.stdin.on('error', () => {})
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line)
    wake()
  })
  const ended = once(child, 'close').then(([code, signal]) => {
    over = true
    wake()
    return (code ?? signal) as number | string
  })
  return {
    process: child,
    pid: child.pid as number,
    write: (value) => void child.stdin.write(`${JSON.stringify(value)}\n`),
    line: (fits) =>
      new Promise((resolve, reject) => {
        const check = () => {
          for (const line of lines) {
            const found = fits(line)
            if (found === undefined) continue
            waiting.delete(check)
            return resolve(found)
          }
          if (!over) return
          waiting.delete(check)
          reject(new Error(`${program} ended first${complaints && `: ${complaints.slice(0, 2000)}`}`))
        }
        waiting.add(check)
        check()
      }),
    ended,
  }
}

export type Host = Child & {
  /** One of the commands of fault-host.ts, done by the gateway's process. */
  ask: (name: string, ...words: string[]) => Promise<unknown>
  /** Resolves when a call has come to the point at which this host waits. */
  reached: (point: string) => Promise<string>
}

/** Starts a gateway in a process of its own; resolves when it listens, or, with `race`, when it waits for the start. */
export async function startHost(options: FaultHostOptions): Promise<Host> {
  const child = startChild(fake('fault-host.ts'), [JSON.stringify(options)])
  let count = 0
  await child.line((line) => (line === (options.race ? 'loaded' : 'ready') ? line : undefined))
  return {
    ...child,
    reached: (point) => child.line((line) => (line === `reached ${point}` ? line : undefined)),
    async ask(name, ...words) {
      const id = ++count
      child.write([id, name, ...words])
      const [value, error] = await child.line((line) => {
        if (!line.startsWith(`[${id},`)) return undefined
        const [, ...answer] = JSON.parse(line) as [number, unknown, string?]
        return answer
      })
      if (error) throw new Error(`the gateway could not \`${name}\`: ${error}`)
      return value
    },
  }
}

/** Starts the gateway that people run, `toolgate serve`, on a profile; resolves when it listens. */
export async function startServe(profile: string): Promise<Child> {
  const [, program = ''] = cliWords
  const child = startChild(program, ['--profile', profile, 'serve', '--port', '0', '--json'])
  await child.line((line) => (line.includes('"ready":true') ? line : undefined))
  return child
}

export type Told = { outcome: string; text: string }

export type Client = Child & {
  shim: number
  /** Calls a tool; undefined when the connection ended before anything was answered. */
  call: (tool: string, args: object) => Promise<Told | undefined>
}

/** Starts a client in a process of its own, with a shim that it starts; resolves when it is connected. */
export async function startClient(profile: string, server: string): Promise<Client> {
  const child = startChild(fake('fault-client.ts'), [profile, server])
  let count = 0
  const { shim } = await child.line((line) => (line.startsWith('{"shim"') ? JSON.parse(line) : undefined))
  return {
    ...child,
    shim,
    async call(tool, args) {
      const id = ++count
      child.write([id, tool, args])
      return child
        .line((line) => (line.startsWith(`{"id":${id},`) ? (JSON.parse(line) as Told) : undefined))
        .catch(() => undefined)
    },
  }
}

/** Starts a process that locks a database; resolves when it has it, with what makes it let go. */
export async function startLocker(database: string): Promise<() => Promise<void>> {
  const child = startChild(fake('lock-database.ts'), [database])
  await child.line((line) => line === 'locked' || undefined)
  return async () => {
    child.process.stdin?.end()
    await child.ended
  }
}
