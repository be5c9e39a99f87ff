import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..', '..')

/** What a person does: when this shows on the screen, type that (Enter is added). Each is used once, in order. */
export type Typing = readonly (readonly [seen: string | RegExp, type: string])[]

export type Outcome = { code: number | null; screen: string }

export type PersonOptions = { env?: Record<string, string>; cwd?: string; enter?: string }

/** How long a command with scripted answers may take before it is given up; it shows in the outcome as no exit code. */
const patienceMs = 60_000

/**
 * A person at a terminal: runs a command in a terminal of its own (script(1) of util-linux), types each answer when its
 * question shows, and gives what was on the screen, without control sequences, and the exit code.
 */
export function person(words: readonly string[], typing: Typing = [], options: PersonOptions = {}): Promise<Outcome> {
  const sitting = sitDown(words, typing, options)
  // Whoever waits for a question that never shows would wait for ever, and so would all that waits for them.
  const patience = setTimeout(() => sitting.child.kill('SIGKILL'), patienceMs)
  return sitting.done.finally(() => clearTimeout(patience))
}

/** A person who stays: `screen` is what shows so far, `type` presses keys, `seen` waits until something shows. */
export type Sitting = {
  screen: () => string
  type: (keys: string) => void
  seen: (text: string | RegExp) => Promise<string>
  done: Promise<Outcome>
  child: ChildProcess
}

/** Like `person`, but the caller keeps the keyboard. */
export function sitDown(words: readonly string[], typing: Typing = [], options: PersonOptions = {}): Sitting {
  const command = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ')
  const child = spawn('script', ['-qefc', `exec ${command}`, '/dev/null'], {
    cwd: options.cwd ?? root,
    env: { ...process.env, SHELL: '/bin/sh', TERM: 'dumb', ...options.env },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let raw = ''
  let from = 0
  const left = [...typing]
  const waiting: { text: string | RegExp; resolve: (screen: string) => void; reject: (error: Error) => void }[] = []
  const screen = () => plain(raw)

  const hear = (): void => {
    const next = left[0]
    const at = next ? indexOf(plain(raw), next[0], from) : -1
    if (next && at >= 0) {
      from = at
      left.shift()
      child.stdin.write(`${next[1]}${options.enter ?? '\r'}`)
    }
    for (const wait of waiting.filter(({ text }) => indexOf(screen(), text, 0) >= 0)) {
      waiting.splice(waiting.indexOf(wait), 1)
      wait.resolve(screen())
    }
  }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    raw += text
    hear()
  })
  const done = new Promise<Outcome>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      for (const { text, reject: give } of waiting) give(new Error(`never saw ${text} on:\n${screen()}`))
      resolve({ code, screen: screen() })
    })
  })
  return {
    screen,
    child,
    done,
    type: (keys) => void child.stdin.write(keys),
    seen: (text) =>
      new Promise((resolve, reject) => {
        if (indexOf(screen(), text, 0) >= 0) resolve(screen())
        else waiting.push({ text, resolve, reject })
      }),
  }
}

/** Where the text that matches ends; -1 when it does not show from there on. */
function indexOf(screen: string, text: string | RegExp, from: number): number {
  const part = screen.slice(from)
  const match = typeof text === 'string' ? { index: part.indexOf(text), 0: text } : text.exec(part)
  return match && match.index >= 0 ? from + match.index + match[0].length : -1
}

function plain(raw: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control sequences are what is removed here
  return raw.replace(/\u001b\[[0-?]*[ -/]*[@-~]/g, '').replaceAll('\r', '')
}
