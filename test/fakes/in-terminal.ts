import { type ChildProcess, spawn } from 'node:child_process'
import { onTestFinished } from 'vitest'

/** A process that waits in a terminal, or where the test put it, until the test ends. */
export type Waiting = { pid: number; child: ChildProcess }

/** Prints its own pid, then waits for its input to end; its pid stays the same. */
const waits = 'echo "pid $$"; exec cat >/dev/null'

/**
 * Runs a shell script in a terminal of its own and waits until a process in it has said `pid N`; `waits` says so and stays.
 */
export function inTerminal(script: string = waits, env: NodeJS.ProcessEnv = {}): Promise<Waiting> {
  return waitForPid('script', ['-qefc', script, '/dev/null'], env)
}

/** Runs a shell script without a terminal, in a session of its own, as gateways start servers. */
export function withoutTerminal(script: string = waits, env: NodeJS.ProcessEnv = {}): Promise<Waiting> {
  return waitForPid('/bin/sh', ['-c', script], env)
}

/** A script that opens a terminal and waits in it. */
export const terminalInside = `script -qefc '${waits}' /dev/null`

function waitForPid(command: string, args: string[], env: NodeJS.ProcessEnv): Promise<Waiting> {
  const child = spawn(command, args, {
    env: { ...process.env, SHELL: '/bin/sh', ...env },
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
  })
  const pids: number[] = []
  onTestFinished(() => {
    child.stdin?.destroy()
    for (const pid of [...pids, child.pid ?? 0]) endProcess(pid)
  })
  return new Promise((resolve, reject) => {
    let text = ''
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`ended with ${code} before it said its pid: ${text}`)))
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      const pid = Number(/pid (\d+)/.exec(text)?.[1] ?? 0)
      if (pid === 0) return
      pids.push(pid)
      resolve({ pid, child })
    })
  })
}

function endProcess(pid: number): void {
  try {
    if (pid > 1) process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}
