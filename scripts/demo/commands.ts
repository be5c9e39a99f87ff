import { type ChildProcess, spawn } from 'node:child_process'
import { type Outcome, sitDown, type Typing } from '../terminal/person.ts'
import { endProcess } from './end-process.ts'
import { DemoError, within } from './expect.ts'

/** The `toolgate` command of this checkout, on the demo's profile. */
export type Commands = {
  /** Runs a command and gives what it printed; throws `DemoError` when it fails. */
  run: (...words: string[]) => Promise<string>
  /** Runs a command with `--json` and gives its value. */
  json: <T>(...words: string[]) => Promise<T>
  /** Runs a command in a terminal of its own, typing the answers, and gives what was on its screen. */
  atTerminal: (words: string[], typing: Typing) => Promise<string>
  /** Ends the commands that still run; from then on none can be started. */
  end: () => Promise<void>
}

type Place = { toolgate: string; profile: string; root: string }
type Running = { child: ChildProcess; done: Promise<Outcome> }

const patienceSec = 60

/** Commands run from `root`, each a process of its own, as if a viewer had typed them. */
export function createCommands({ toolgate, profile, root }: Place): Commands {
  const env = { TOOLGATE_PROFILE: profile }
  const children = new Set<ChildProcess>()
  let ended = false

  async function finish(words: string[], start: (all: string[]) => Running): Promise<string> {
    const name = `toolgate ${words.join(' ')}`
    if (ended) throw new DemoError(`\`${name}\` comes after the end`)
    const { child, done } = start([process.execPath, toolgate, ...words])
    children.add(child)
    try {
      const { code, screen } = await within(patienceSec, `\`${name}\``, done)
      if (code === 0) return screen
      throw new DemoError(`\`${name}\` ended with ${code}`, screen.trimEnd().split('\n'))
    } finally {
      await hangUp(child)
      children.delete(child)
    }
  }

  const run = (...words: string[]) => finish(words, (all) => runWithoutTerminal(all, root, env))
  return {
    run,
    json: async (...words) => JSON.parse(await run(...words, '--json')),
    atTerminal: (words, typing) => finish(words, (all) => sitDown(all, typing, { cwd: root, env })),
    async end() {
      ended = true
      await Promise.all([...children].map(hangUp))
    },
  }
}

/** As when a terminal window is closed. */
function hangUp(child: ChildProcess): Promise<void> {
  return endProcess(child, () => void child.kill('SIGHUP'))
}

function runWithoutTerminal([command = '', ...args]: string[], cwd: string, env: Record<string, string>): Running {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let screen = ''
  const hear = (text: string) => {
    screen += text
  }
  child.stdout.setEncoding('utf8').on('data', hear)
  child.stderr.setEncoding('utf8').on('data', hear)
  const done = new Promise<Outcome>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, screen }))
  })
  return { child, done }
}
