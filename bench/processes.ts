import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { gatewayEnvironment } from '../src-main/shim/gateway-environment.ts'
import { eachLine } from './each-line.ts'

const built = (name: string) => fileURLToPath(new URL(`../out/${name}.js`, import.meta.url))

/** Arguments that make Node the shim of a client of `profile`. */
export function shimArgs(profile: string, server: string): string[] {
  return [built('shim'), '--profile', profile, server]
}

/** A program that runs until it is stopped; `firstLine`: what it said once it was ready. */
export type ServedProgram = { pid: number; firstLine: string; stop: () => Promise<void> }

/** Starts a Node program and waits for its first line. Rejects with what it said when it ends before that. */
export async function serveProgram(args: readonly string[], env = process.env): Promise<ServedProgram> {
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let complaints = ''
  child.stderr.on('data', (chunk) => {
    complaints = `${complaints}${chunk}`.slice(-2000)
  })
  const ready = Promise.withResolvers<string>()
  eachLine(child.stdout, ready.resolve)
  child.on('close', () => ready.reject(new Error(`\`${args.join(' ')}\` ended: ${complaints}`)))
  const firstLine = await ready.promise
  return {
    ...{ pid: child.pid ?? 0, firstLine },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const closed = once(child, 'close')
      child.kill('SIGTERM')
      await closed
    },
  }
}

/** A gateway in a process of its own, as a shim starts it; `startMs`: from its start until it said it is ready. */
export type GatewayProcess = ServedProgram & { startMs: number; httpPort: number }

/** What a gateway is started with beside its profile: arguments of Node, and options of `toolgate serve`. */
export type GatewayOptions = { node?: readonly string[]; serve?: readonly string[] }

/** Starts the gateway of a profile. Rejects with what it said when it ends before it is ready. */
export async function startGateway(
  profile: string,
  { node = [], serve = [] }: GatewayOptions = {},
): Promise<GatewayProcess> {
  const began = performance.now()
  const args = [...node, built('toolgate'), 'serve', '--port', '0', '--json', '--profile', profile, ...serve]
  const program = await serveProgram(args, gatewayEnvironment(process.env.PATH ?? ''))
  const startMs = performance.now() - began
  if (!program.firstLine.includes('"ready":true')) throw new Error(`the gateway said: ${program.firstLine}`)
  const ports = JSON.parse(readFileSync(join(profile, 'ports.json'), 'utf8')) as { mcp: number }
  return { ...program, startMs, httpPort: ports.mcp }
}

/** Ends the gateway that a shim started on a profile, and waits until it is gone. */
export async function endGateway(profile: string): Promise<void> {
  const ask = (...words: string[]) =>
    spawnSync(process.execPath, [built('toolgate'), ...words, '--json', '--profile', profile], { encoding: 'utf8' })
  const { pid } = JSON.parse(ask('status').stdout) as { pid: number }
  ask('shutdown')
  while (lives(pid)) await pause(5)
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Runs a Node program, tells it `input`, and gives the milliseconds from its start to its first line. Rejects without one. */
export async function timeToFirstLine(args: readonly string[], input: string): Promise<number> {
  const began = performance.now()
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const line = Promise.withResolvers<number>()
  eachLine(child.stdout, () => line.resolve(performance.now() - began))
  child.on('close', (code) => line.reject(new Error(`\`${args.join(' ')}\` ended with ${code} and said nothing`)))
  child.stdin.on('error', () => {})
  child.stdin.write(input)
  const closed = once(child, 'close')
  const taken = await line.promise
  child.stdin.end()
  await closed
  return taken
}

/** Memory of a process in MiB. `pss` counts a page shared by n processes as 1/n; only Linux tells, elsewhere it is null. */
export type Memory = { rss: number; pss: number | null }

/** What a process holds right now; null where the system has no way to ask. */
export function memoryOf(pid: number): Memory | null {
  if (process.platform === 'linux') {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
    const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1]) / 1024
    return { rss: field('Rss'), pss: field('Pss') }
  }
  if (process.platform === 'win32') return null
  return { rss: Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024, pss: null }
}

/** Processor time that all threads of a process have used, in milliseconds; null where only Linux would tell. */
export function processorMs(pid: number): number | null {
  if (process.platform !== 'linux') return null
  const threads = readdirSync(`/proc/${pid}/task`)
  const used = threads.map((thread) =>
    Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]),
  )
  return used.reduce((sum, ns) => sum + ns, 0) / 1e6
}

/** The processes that a process started and that still run; none where only Linux would tell. */
export function childrenOf(pid: number): number[] {
  if (process.platform !== 'linux') return []
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
}
