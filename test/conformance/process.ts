import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** A program that has printed its first line. */
export type Started = { firstLine: string; end: () => Promise<void> }

/** Starts a program and waits for its first line; rejects with what it said when it ends before. */
export async function startProcess(words: readonly string[]): Promise<Started> {
  const [command = '', ...args] = words
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  // Whoever started it may be ended early, and then nobody would be there to end it.
  const endToo = () => void child.kill('SIGTERM')
  process.once('exit', endToo)
  let complaints = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text
  })
  const gone = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })
  const first = await Promise.race([once(lines, 'line'), gone])
  if (child.exitCode !== null) throw new Error(`\`${words.join(' ')}\` ended with ${child.exitCode}: ${complaints}`)
  return {
    firstLine: String(first[0]),
    async end() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
      await gone
      process.off('exit', endToo)
    },
  }
}
