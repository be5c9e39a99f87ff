import { CommanderError } from 'commander'
import { callErrors } from '../../shared/call-errors.ts'
import { printable, printableLines } from '../../shared/printable.ts'
import { UnfitHost } from '../host/unfit-host.ts'
import { CliError, exitCodes, usageError } from './cli-error.ts'
import { asTyped } from './command-name.ts'
import { createProgram } from './program.ts'
import { helpHint, helpWords, wrongWords } from './wrong-words.ts'

/** Whether the caller wants JSON, known even when the rest of the command line is wrong. */
function wantsJson(words: readonly string[]): boolean {
  const end = words.indexOf('--')
  return words.slice(0, end < 0 ? words.length : end).includes('--json')
}

function report(error: unknown, json: boolean): number {
  // Help and version: commander has already told people.
  if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.ok
  if (error instanceof CommanderError && error.code === 'commander.help' && !json) return exitCodes.usage
  const { code, exit, ...words } = failureOf(error)
  const [message, hint] = [asTyped(words.message), asTyped(words.hint)]
  if (json) process.stdout.write(`${JSON.stringify({ error: { code, message, hint } })}\n`)
  else process.stderr.write(`${printableLines(message).join('\n')}\n${hint ? `→ ${printable(hint)}\n` : ''}`)
  return exit
}

function failureOf(error: unknown): { code: string; message: string; hint: string; exit: number } {
  if (error instanceof CliError) {
    const { code, message, hint, exit } = error
    const bare = code === 'BAD_INPUT' && hint === callErrors.BAD_INPUT[1]
    return { code, message, hint: bare ? helpHint(program, words) : hint, exit }
  }
  if (error instanceof UnfitHost) return failureOf(usageError(error.message, error.hint))
  if (error instanceof CommanderError) return failureOf(wrongWords(error, program, words))
  const message = error instanceof Error ? error.message : String(error)
  return { code: 'FAILED', message, hint: 'run `toolgate doctor`', exit: exitCodes.no }
}

// A reader that has seen enough, as `head` does, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit()
  throw error
})

const program = createProgram()
const words = process.argv.slice(2)
try {
  await program.parseAsync(helpWords(program, words), { from: 'user' })
} catch (error) {
  process.exitCode = report(error, wantsJson(words))
}
