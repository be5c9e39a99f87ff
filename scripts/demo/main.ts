// Plays the demo and tidies up after it, however it ends.
import { execFileSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { DemoError } from './expect.ts'
import { createNarrator } from './narrate.ts'
import { play } from './play.ts'
import { createUndo } from './undo.ts'

const help = `npm run demo [-- options]
  --pause  you answer the waiting call yourself, in another terminal
  --keep   leaves the demo's folder behind, so that you can look around in it
`

/** Ctrl-C, or nobody reads any more. */
class Interrupted extends Error {}

function interruption(): Promise<never> {
  return new Promise((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => reject(new Interrupted(signal)))
    process.stdout.on('error', (error) => reject(new Interrupted(error.message)))
  })
}

/** The demo types into terminals that script(1) of util-linux opens. */
function needTerminals(): void {
  try {
    if (/util-linux/.test(execFileSync('script', ['--version'], { encoding: 'utf8', stdio: 'pipe' }))) return
  } catch {
    // Not there, or another program of this name: the sentence below says what is needed.
  }
  throw new DemoError('the demo answers prompts in a terminal of its own, which it opens with `script` of util-linux', [
    'this system does not have it. Install util-linux, or set Toolgate up by hand: `npm start`, then the README',
  ])
}

function report(error: unknown): number {
  if (error instanceof Interrupted) {
    process.stderr.write('\nthe demo was interrupted\n')
    return 130
  }
  const known = error instanceof DemoError
  process.stderr.write(`\nthe demo failed: ${known ? error.message : error instanceof Error ? error.stack : error}\n`)
  if (known) for (const line of error.lines) process.stderr.write(`  ${line}\n`)
  return 1
}

function readOptions(): { pause: boolean; keep: boolean; help: boolean } {
  const flag = { type: 'boolean', default: false } as const
  try {
    return parseArgs({ options: { pause: flag, keep: flag, help: flag } }).values
  } catch (error) {
    throw new DemoError((error as Error).message, help.trimEnd().split('\n'))
  }
}

async function main(): Promise<number> {
  const options = readOptions()
  if (options.help) {
    process.stdout.write(help)
    return 0
  }
  needTerminals()
  let over = false
  const narrator = createNarrator({
    write: (text) => void (over || process.stdout.write(text)),
    colour: process.stdout.isTTY === true && !process.env.NO_COLOR,
    width: process.stdout.columns ?? Number.POSITIVE_INFINITY,
  })
  const undo = createUndo()
  const interrupted = interruption()
  try {
    await Promise.race([play(options, narrator, undo), interrupted])
    return 0
  } catch (error) {
    over = true
    await undo.all()
    return report(error)
  } finally {
    await undo.all()
  }
}

// Whoever read us may be gone, with our terminal or pipe: then nobody hears the last words, but all is tidied up.
process.stderr.on('error', () => {})

const code = await main().catch(report)
// The story may still wait for something that was ended under it.
process.exit(code)
