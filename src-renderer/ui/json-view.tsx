import { useMemo } from 'react'
import { CodeBlock, CodeLines } from './code-block.tsx'
import { type JsonKind, jsonLines } from './json-lines.ts'
import { VisibleText } from './visible-text.tsx'

const tints: Record<JsonKind, string> = {
  key: 'text-code-key',
  text: 'text-code-text',
  number: 'text-code-number',
  word: 'text-code-word',
  mark: 'text-faint',
}

/** JSON text, indented and tinted, with every string and number exactly as written; what is not JSON is shown as it is. */
export function JsonView({ text, label }: { text: string; label: string }) {
  const lines = useMemo(() => jsonLines(text), [text])
  if (lines === null) return <CodeBlock text={text} label={label} />
  return (
    <CodeLines
      label={label}
      copy={text}
      lines={lines.map(({ depth, pieces }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their number
        <span key={at} className="block" style={{ paddingLeft: depth * 16 }}>
          {pieces.map((piece, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same for the pieces of a line
            <span key={place} className={tints[piece.kind]}>
              {piece.kind === 'mark' ? piece.text : <VisibleText text={piece.text} />}
            </span>
          ))}
        </span>
      ))}
    />
  )
}
