import { useEffect, useState } from 'react'
import type { ApprovalView } from '../../../shared/approval.ts'
import { printable } from '../../../shared/printable.ts'

/** Arguments as a person changes them. `text` is null while they are not; `problem` says why it is no JSON object. */
export type Edit = {
  /** Whether they may be changed: the tool has a reviewed schema, and one call waits for the answer. */
  may: boolean
  text: string | null
  problem: string | null
  /** What to send: null while nothing differs, whatever the spelling. */
  edited: string | null
  /** What was asked for, spelled as the text is when it begins. */
  before: string
  begin: () => void
  change: (text: string) => void
  leave: () => void
}

/** Beyond so many digits a number would not survive being spelled anew. */
const longNumber = /\d{16}/

/** The arguments of a request while they are changed; another request begins without changes. */
export function useEdit({ id, arguments: sent, editable, waiting }: ApprovalView): Edit {
  const [text, setText] = useState<string | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was typed for one request is not for the next
  useEffect(() => setText(null), [id])
  const before = readable(sent)
  const problem = text === null ? null : problemOf(text)
  const differs = text !== null && problem === null && !sameJson(text, sent)
  return {
    ...{ may: editable && waiting === 1, text, problem, before, edited: differs ? text : null },
    begin: () => setText(before),
    change: (next) => setText(withEscapes(next)),
    leave: () => setText(null),
  }
}

/** A line for each value, where that changes nothing but white space. */
function readable(sent: string): string {
  try {
    return withEscapes(longNumber.test(sent) ? sent : JSON.stringify(JSON.parse(sent), null, 2))
  } catch {
    return sent
  }
}

/** What cannot be seen, or turns the text around it, is written as JSON escapes it: a field shows it as it is. */
function withEscapes(text: string): string {
  let shown = ''
  for (const character of text) {
    const plain = character === '\n' || character === '\t' || printable(character) === character
    shown += plain ? character : escaped(character)
  }
  return shown
}

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, at) => {
    return `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`
  }).join('')
}

function problemOf(text: string): string | null {
  try {
    const value: unknown = JSON.parse(text)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? null : 'Arguments are one JSON object, in braces.'
  } catch (error) {
    return `This is not JSON yet: ${(error as Error).message}`
  }
}

function sameJson(one: string, other: string): boolean {
  if (longNumber.test(one)) return one === other
  return JSON.stringify(JSON.parse(one)) === JSON.stringify(JSON.parse(other))
}
