import { Unacceptable } from './verdict.ts'

/** More than this many bytes are not read. */
const maxSqlBytes = 65_536
/**
 * What no SQL under bounds may hold, in any dialect: too much of it, comments that a database executes or obeys, and quotes that
 * end or do not end depending on settings. Throws Unacceptable.
 */
export function beforeReading(text: string): void {
  if (Buffer.byteLength(text) > maxSqlBytes)
    throw new Unacceptable(`more than ${maxSqlBytes} bytes of SQL are not read; send a shorter statement`)
  if (!text.isWellFormed() || text.includes('\0') || text.includes('\uFEFF'))
    throw new Unacceptable('characters that no SQL needs (U+0000, U+FEFF or half of one)')
  if (/\/\*\s*[!+]|\/\*\s*M!/i.test(text))
    throw new Unacceptable('comments that are executed (`/*!`, `/*M!`, `/*+`) are not allowed; write plain SQL')
  if (/\\['"`]/.test(text))
    throw new Unacceptable(
      'a backslash before a quote is read differently by different databases; double the quote instead',
    )
}
