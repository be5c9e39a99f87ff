import { printable } from '../../shared/printable.ts'

/** A refusal of the core as one remark beside a form: hidden characters visible, the next step behind it. */
export function failureText({ message, hint }: { message: string; hint: string }): string {
  return printable(`${message}; ${hint}`)
}
