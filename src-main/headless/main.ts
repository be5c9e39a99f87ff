import { CommanderError } from 'commander'
import { printable, printableLines } from '../../shared/printable.ts'
import { CliError, exitCodes } from './cli-error.ts'
import { createProgram } from './program.ts'

/** Whether the caller wants JSON, known even when the rest of the command line is wrong. */
function wantsJson(words: readonly string[]): boolean {
  const end = words.indexOf('--')
  return words.slice(0, end < 0 ? words.length : end).includes('--json')
}

function report(error: unknown, json: boolean): number {
  // Help, version, and usage errors: commander has already told people.
  if (error instanceof CommanderError && (error.exitCode === 0 || !json)) {
    return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
  }
  const { code, message, hint, exit } = error instanceof CliError ? error : unexpected(error)
  if (json) process.stdout.write(`${JSON.stringify({ error: { code, message, hint } })}\n`)
  else process.stderr.write(`${printableLines(message).join('\n')}\n${hint ? `→ ${printable(hint)}\n` : ''}`)
  return exit
}

function unexpected(error: unknown): { code: string; message: string; hint: string; exit: number } {
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof CommanderError) return { code: 'USAGE', message, hint: 'see --help', exit: exitCodes.usage }
  return { code: 'FAILED', message, hint: 'run `toolgate doctor`', exit: exitCodes.no }
}

// A reader that has seen enough, as `head` does, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit()
  throw error
})

const words = process.argv.slice(2)
try {
  await createProgram().parseAsync(words, { from: 'user' })
} catch (error) {
  process.exitCode = report(error, wantsJson(words))
}
