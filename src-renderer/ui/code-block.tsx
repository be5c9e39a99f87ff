import { clsx } from 'clsx'
import { useMemo, useState } from 'react'
import { Button } from './button.tsx'
import { type CodeChunk, type CodeLine, type CodeRow, codeChunks } from './code-rows.ts'
import { CopyButton } from './copy-text.tsx'
import { Near } from './near.tsx'
import { VisibleText } from './visible-text.tsx'

/** Lines shown before a person asks for all; nothing is ever cut off for good. */
const firstLines = 200

/** Up to so many chunks are there from the start; of more, only those near to what is in sight. */
const fewChunks = 2

/** More is not indented: nothing would be left of the width. */
const deepest = 12

type LinesProps = {
  label: string
  /** Exact text that the copy button copies. */
  copy: string
  /** The same list for the same text, so that it is taken apart once. */
  lines: readonly CodeLine[]
  numbers?: boolean
  /** All lines at once, however many: for what a person must have before them in full. */
  whole?: boolean
}

/** Lines of code in a frame: they wrap, can be copied, and very many are shown in two steps. */
export function CodeLines({ label, copy, lines, numbers = false, whole = false }: LinesProps) {
  const [all, setAll] = useState(false)
  const every = all || whole || lines.length <= firstLines
  const chunks = useMemo(() => codeChunks(every ? lines : lines.slice(0, firstLines)), [every, lines])
  return (
    <figure aria-label={label} className="group relative rounded-md border border-line bg-sunken">
      <div className="absolute top-1 right-1 rounded-md bg-sunken">
        <CopyButton text={copy} label={`Copy ${label}`} />
      </div>
      <pre className="whitespace-pre-wrap py-2 pr-9">
        {chunks.map((chunk, at) =>
          chunks.length <= fewChunks ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: chunks have no identity but their order
            <Rows key={at} chunk={chunk} numbers={numbers} />
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same
            <Near key={at} height={chunk.height} draw={() => <Rows chunk={chunk} numbers={numbers} />} />
          ),
        )}
      </pre>
      {!every && (
        <div className="border-line border-t p-2">
          <Button size="small" onClick={() => setAll(true)}>
            Show all {lines.length.toLocaleString('en')} lines
          </Button>
        </div>
      )}
    </figure>
  )
}

function Rows({ chunk, numbers }: { chunk: CodeChunk; numbers: boolean }) {
  return chunk.rows.map((row, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their order
    <div key={at} className={clsx('grid', numbers ? 'grid-cols-[44px_1fr]' : 'pl-3')}>
      {numbers && <span className="select-none pr-3 text-right text-faint">{row.number}</span>}
      <code className="min-h-5">
        <RowText row={row} />
      </code>
    </div>
  ))
}

function RowText({ row: { depth, pieces } }: { row: CodeRow }) {
  const text = pieces.map(({ text: piece, look }, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no identity but their order
    <span key={at} className={look}>
      <VisibleText text={piece} />
    </span>
  ))
  if (depth === 0) return text
  return (
    <span className="block" style={{ paddingLeft: Math.min(depth, deepest) * 16 }}>
      {text}
    </span>
  )
}

/** Untrusted text as code, whatever it holds: escaped, wrapped, hidden characters visible. */
export function CodeBlock({ text, label, ...rest }: Omit<LinesProps, 'copy' | 'lines'> & { text: string }) {
  const lines = useMemo(() => text.split(/\r?\n/).map((line) => ({ pieces: [{ text: line }] })), [text])
  return <CodeLines label={label} copy={text} lines={lines} {...rest} />
}
