import { ToolgateError } from '../../../shared/errors.ts'

/**
 * Turns whatever kept the log from being written into AUDIT_UNWRITABLE; errors that already have a code stay as they are.
 * The detail reaches clients, so of file errors it says the code but not the path.
 */
export function unwritable(cause: unknown): ToolgateError {
  if (cause instanceof ToolgateError) return cause
  const { message, syscall, code } = cause as NodeJS.ErrnoException
  return new ToolgateError('AUDIT_UNWRITABLE', syscall ? code : message, { cause })
}

/** Runs `fn`; what it throws becomes AUDIT_UNWRITABLE. */
export function orUnwritable<T>(fn: () => T): T {
  try {
    return fn()
  } catch (error) {
    throw unwritable(error)
  }
}
