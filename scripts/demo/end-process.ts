import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'

const patienceMs = 10_000

/** Ends a child by asking for it, by force when it does not listen, and waits until it has gone. */
export async function endProcess(child: ChildProcess, ask: () => void): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const gone = once(child, 'exit')
  const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs)
  ask()
  await gone
  clearTimeout(timer)
}
