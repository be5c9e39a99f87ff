import { printable } from '../../shared/printable.ts'

/** A message of the product as nodes: what stands in backticks as code, hidden characters visible. */
export function withCode(text: string): Node[] {
  return text.split('`').map((part, at) => {
    const shown = document.createTextNode(printable(part))
    if (at % 2 === 0) return shown
    const code = document.createElement('code')
    code.append(shown)
    return code
  })
}
