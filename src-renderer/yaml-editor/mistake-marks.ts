import type { Diagnostic } from '@codemirror/lint'
import type { Text } from '@codemirror/state'
import { withCode } from './with-code.ts'

/** A mistake at a line and column, both from 1. */
export type Mistake = { line: number; column: number; message: string; expected: string; suggestion: string }

/** Mistakes as marks in the text: from their character to the end of the word that stands there. */
export function mistakeMarks(mistakes: readonly Mistake[], text: Text): Diagnostic[] {
  return mistakes.map((mistake) => {
    const { from, to } = rangeOf(mistake, text)
    const { message, expected, suggestion } = mistake
    return {
      ...{ from, to, severity: 'error', message: `${message}; expected ${expected}; ${suggestion}` },
      renderMessage: () => drawn(mistake),
    }
  })
}

/** A place that the text does not have is the nearest that it has. */
function rangeOf({ line, column }: Mistake, text: Text): { from: number; to: number } {
  const { from: start, to: end, text: words } = text.line(Math.min(Math.max(1, line), text.lines))
  const at = Math.min(Math.max(0, column - 1), words.length)
  const word = /^(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s,:[\]{}#]+|\S)/.exec(words.slice(at))?.[0].length ?? 0
  if (word > 0) return { from: start + at, to: start + at + word }
  // At the end of a line: what stands before is marked.
  return { from: Math.max(start, Math.min(start + at, end) - 1), to: end }
}

function drawn({ message, expected, suggestion }: Mistake): HTMLElement {
  const box = document.createElement('span')
  const hint = document.createElement('span')
  hint.className = 'expected'
  box.append(...withCode(message), hint)
  hint.append(...withCode(`Expected ${expected}. ${suggestion.charAt(0).toUpperCase()}${suggestion.slice(1)}`))
  return box
}
