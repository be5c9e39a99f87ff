import { failureKind } from '../../shared/call-errors.ts'

/** Exit codes of every `toolgate` command; they never change meaning (docs/cli.md). */
export const exitCodes = { ok: 0, no: 1, usage: 2, unreachable: 3, refused: 4, missing: 5 } as const

const exitByKind = {
  usage: exitCodes.usage,
  refused: exitCodes.refused,
  missing: exitCodes.missing,
  failed: exitCodes.no,
}

/** A command that ends without success: a code for programs, a sentence and a next step for people, and its exit code. */
export class CliError extends Error {
  readonly code: string
  readonly hint: string
  readonly exit: number
  constructor(code: string, message: string, hint: string, exit: number = exitByKind[failureKind(code)]) {
    super(message)
    this.name = 'CliError'
    this.code = code
    this.hint = hint
    this.exit = exit
  }
}

/** A command that was called the wrong way. */
export function usageError(message: string, hint: string): CliError {
  return new CliError('USAGE', message, hint, exitCodes.usage)
}

/** A person said no to what the command asked; `result` says what that means. */
export function declined(result: string, hint = 'run the command again to decide otherwise'): CliError {
  return new CliError('DECLINED', result, hint, exitCodes.no)
}
