import { printable } from '../../shared/printable.ts'

/**
 * A refusal of the core as one remark beside a form: without the marks that only help a program, hidden characters visible,
 * the next step behind it.
 */
export function failureText({ message, hint }: { message: string; hint: string }): string {
  const sentence = message
    .replace(/^the input does not fit the call:?\s*/, '')
    .replace(/✖\s*/g, '')
    .replace(/\s*→ at [\w.[\]]+/g, '')
  return printable(`${sentence}; ${hint}`)
}
