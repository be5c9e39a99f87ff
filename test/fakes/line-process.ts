import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'

/** A program that a test talks to by lines; it is ended with the test. */
export type LineProcess = {
  /** Waits for a line, from now or before, that begins so, and gives the rest of it; each line counts once. */
  line: (beginning: string) => Promise<string>
  /** The same for a line that fits a pattern; gives all of it. */
  matching: (pattern: RegExp) => Promise<string>
  /** Writes a line, then waits for one that fits. */
  ask: (line: string, answer: RegExp) => Promise<string>
  /** Everything that it wrote. */
  output: () => string
  end: () => Promise<void>
}

/** Starts a program; both of its outputs are read. */
export function startLines(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): LineProcess {
  const child: ChildProcess = spawn(command, args, { stdio: 'pipe', env: { ...process.env, ...env } })
  const lines: string[] = []
  const waiting = new Set<() => void>()
  let written = ''
  let over = false
  const wake = () => {
    for (const check of [...waiting]) check()
  }
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue
    createInterface({ input: stream }).on('line', (line) => {
      written += `${line}\n`
      lines.push(line)
      wake()
    })
  }
  const gone = once(child, 'exit').then(() => {
    over = true
    wake()
  })
  const next = (fits: (line: string) => boolean) =>
    new Promise<string>((resolve, reject) => {
      const check = () => {
        const at = lines.findIndex(fits)
        if (at < 0 && !over) return
        waiting.delete(check)
        if (at >= 0) resolve(lines.splice(at, 1)[0] ?? '')
        else reject(new Error(`the program ended without what was waited for; it wrote:\n${written}`))
      }
      waiting.add(check)
      check()
    })
  const end = async () => {
    if (!over) child.kill('SIGTERM')
    await gone
  }
  onTestFinished(end)
  return {
    end,
    output: () => written,
    line: async (beginning) => (await next((line) => line.startsWith(beginning))).slice(beginning.length),
    matching: (pattern) => next((line) => pattern.test(line)),
    async ask(line, answer) {
      child.stdin?.write(`${line}\n`)
      return next((found) => answer.test(found))
    },
  }
}
