import type { CallFailure } from '../../call.ts'

/** A failure as one sentence of the page: what happened, and what to do. Backticks are left out where only text can stand. */
export function sentenceOf({ message, hint }: CallFailure): string {
  const text = `${message}: ${hint}`.replaceAll('`', '')
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
