import { useMemo } from 'react'
import { CodeBlock, CodeLines } from './code-block.tsx'
import type { CodeLine } from './code-rows.ts'
import { type JsonKind, type JsonLine, jsonLines } from './json-lines.ts'

const tints: Record<JsonKind, string> = {
  key: 'text-code-key',
  text: 'text-code-text',
  number: 'text-code-number',
  word: 'text-code-word',
  mark: 'text-faint',
}

/** JSON text, indented and tinted, with every string and number exactly as written; what is not JSON is shown as it is. */
export function JsonView({ text, label, whole = false }: { text: string; label: string; whole?: boolean }) {
  const lines = useMemo(() => jsonLines(text)?.map(tinted) ?? null, [text])
  if (lines === null) return <CodeBlock text={text} label={label} whole={whole} />
  return <CodeLines label={label} copy={text} whole={whole} lines={lines} />
}

function tinted({ depth, pieces }: JsonLine): CodeLine {
  return { depth, pieces: pieces.map(({ kind, text }) => ({ text, look: tints[kind] })) }
}
