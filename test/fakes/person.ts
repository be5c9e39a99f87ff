import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Outcome, PersonOptions } from '../../scripts/terminal/person.ts'

export { type Outcome, person, type Sitting, sitDown, type Typing } from '../../scripts/terminal/person.ts'

const root = join(import.meta.dirname, '..', '..')

/** Runs a command without any terminal, `input` on its standard input, as a program would. */
export function program(
  words: readonly string[],
  options: PersonOptions & { input?: string } = {},
): Promise<Outcome & { stderr: string }> {
  const [command = '', ...args] = words
  const child = spawn(command, args, {
    cwd: options.cwd ?? root,
    env: { ...process.env, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  })
  let [screen, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  child.stdin.on('error', () => {
    // The command ended without reading; what it says and its exit code are what counts.
  })
  child.stdin.end(options.input ?? '')
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, screen, stderr }))
  })
}
