import { spawn } from 'node:child_process'
import { sitDown, type Typing } from '../terminal/person.ts'
import { DemoError, within } from './expect.ts'

/** The `toolgate` command of this checkout, on the demo's profile. */
export type Commands = {
  /** Runs a command and gives what it printed; throws `DemoError` when it fails. */
  run: (...words: string[]) => Promise<string>
  /** Runs a command with `--json` and gives its value. */
  json: <T>(...words: string[]) => Promise<T>
  /** Runs a command in a terminal of its own, typing the answers, and gives what was on its screen. */
  atTerminal: (words: string[], typing: Typing) => Promise<string>
  /** Ends the commands that still run. */
  end: () => void
}

const patienceSec = 60

/** Commands run from `root`, each a process of its own, as if a viewer had typed them. */
export function createCommands({
  toolgate,
  profile,
  root,
}: {
  toolgate: string
  profile: string
  root: string
}): Commands {
  const env = { TOOLGATE_PROFILE: profile }
  const running = new Set<{ kill: () => void }>()

  async function finished(words: string[], child: { kill: () => void }, done: Promise<Finished>): Promise<string> {
    const name = `toolgate ${words.join(' ')}`
    running.add(child)
    try {
      const { code, screen } = await within(patienceSec, `\`${name}\``, done)
      if (code === 0) return screen
      throw new DemoError(`\`${name}\` ended with ${code}`, screen.trimEnd().split('\n'))
    } finally {
      running.delete(child)
      child.kill()
    }
  }

  const run = (...words: string[]) => {
    const child = spawn(process.execPath, [toolgate, ...words], {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let screen = ''
    const hear = (text: string) => {
      screen += text
    }
    child.stdout.setEncoding('utf8').on('data', hear)
    child.stderr.setEncoding('utf8').on('data', hear)
    const done = new Promise<Finished>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code) => resolve({ code, screen }))
    })
    return finished(words, child, done)
  }

  return {
    run,
    json: async (...words) => JSON.parse(await run(...words, '--json')),
    atTerminal(words, typing) {
      const { child, done } = sitDown([process.execPath, toolgate, ...words], typing, { cwd: root, env })
      return finished(words, child, done)
    },
    end: () => {
      for (const child of running) child.kill()
    },
  }
}

type Finished = { code: number | null; screen: string }
