import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { listen, type ShimLink } from '../../src-main/core/gateway/link.ts'
import { systemClock } from '../../src-main/host/clock.ts'
import { socketPath } from '../../src-main/shim/profile.ts'
import { testFolder } from './folder.ts'
import { runs, until } from './processes.ts'

const shim = join(import.meta.dirname, '../../src-main/shim/main.ts')
export const echoGateway = join(import.meta.dirname, 'echo-gateway.ts')
export const sharedKey = 'a1'.repeat(32)

/** A profile with the folders and the key that a gateway makes; a gateway started on it ends with the test. */
export function makeProfile(): string {
  const profile = testFolder()
  for (const folder of ['run', 'keys']) mkdirSync(join(profile, folder), { mode: 0o700 })
  writeFileSync(join(profile, 'keys', 'shim'), sharedKey, { mode: 0o600 })
  onTestFinished(() => {
    for (const pid of gatewaysOf(profile).filter(runs)) process.kill(pid, 'SIGKILL')
  })
  return profile
}

/** The process ids of the echo gateways that were started on a profile, those that have ended too. */
export function gatewaysOf(profile: string): number[] {
  const file = join(profile, 'starts')
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').map(Number) : []
}

/** Runs an echo gateway on the profile, and waits until it listens. */
export async function runGateway(profile: string, ...flags: string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, [echoGateway, profile, ...flags], { stdio: ['ignore', 'pipe', 'ignore'] })
  await once(child.stdout, 'data')
  return child
}

/** Listens for shims in this process. */
export async function listenForShims(profile: string, onShim: (link: ShimLink) => void): Promise<void> {
  const quiet = { info: () => {}, warn: () => {}, error: () => {} }
  const listener = await listen({
    paths: { run: join(profile, 'run'), socket: socketPath(profile) },
    secretOf: (key) => readFileSync(join(profile, 'keys', key)),
    onShim,
    onControl: (link) => link.destroy(),
    log: quiet,
    clock: systemClock,
  })
  onTestFinished(() => listener.close())
}

export type RunningShim = ReturnType<typeof startShim>

/** Starts the shim as a client does; null: with no profile named. */
export function startShim(
  profile: string | null,
  { args = [], env = {}, file = shim }: { args?: string[]; env?: object; file?: string } = {},
) {
  const child = spawn(process.execPath, [file, ...(profile === null ? [] : ['--profile', profile]), ...args, 'files'], {
    stdio: 'pipe',
    env: { ...process.env, ...env },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const out: Buffer[] = []
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  child.stdin.on('error', () => {})
  const closed = once(child, 'close').then(([code, signal]) => ({ code, signal }))
  return {
    child,
    closed,
    stderr: () => stderr,
    output: () => Buffer.concat(out),
    say: (text: string | Buffer) => child.stdin.write(text),
    /** Says the last of it, and gives everything that came back and how it ended. */
    async finish(text: string | Buffer = '') {
      child.stdin.end(text)
      return { ...(await closed), output: Buffer.concat(out), stderr }
    },
    heard: (text: string) => until(`\`${text}\` came`, () => Buffer.concat(out).includes(text)),
  }
}
