import { clsx } from 'clsx'
import { type ReactNode, useState } from 'react'
import { Button } from './button.tsx'
import { CopyButton } from './copy-text.tsx'
import { VisibleText } from './visible-text.tsx'

/** Lines shown before a person asks for all; nothing is ever cut off for good. */
const firstLines = 200

type LinesProps = {
  label: string
  /** Exact text that the copy button copies. */
  copy: string
  lines: readonly ReactNode[]
  numbers?: boolean
}

/** Lines of code in a frame: they wrap, can be copied, and very many are shown in two steps. */
export function CodeLines({ label, copy, lines, numbers = false }: LinesProps) {
  const [all, setAll] = useState(false)
  const shown = all ? lines : lines.slice(0, firstLines)
  return (
    <figure aria-label={label} className="group relative rounded-md border border-line bg-sunken">
      <div className="absolute top-1 right-1 rounded-md bg-sunken">
        <CopyButton text={copy} label={`Copy ${label}`} />
      </div>
      <pre className="whitespace-pre-wrap py-2 pr-9">
        {shown.map((line, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their number
          <div key={at} className={clsx('grid', numbers ? 'grid-cols-[44px_1fr]' : 'pl-3')}>
            {numbers && <span className="select-none pr-3 text-right text-faint">{at + 1}</span>}
            <code className="min-h-5">{line}</code>
          </div>
        ))}
      </pre>
      {shown.length < lines.length && (
        <div className="border-line border-t p-2">
          <Button size="small" onClick={() => setAll(true)}>
            Show all {lines.length.toLocaleString('en')} lines
          </Button>
        </div>
      )}
    </figure>
  )
}

/** Untrusted text as code, whatever it holds: escaped, wrapped, hidden characters visible. */
export function CodeBlock({ text, label, numbers = false }: { text: string; label: string; numbers?: boolean }) {
  // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their number
  const lines = text.split(/\r?\n/).map((line, at) => <VisibleText key={at} text={line} />)
  return <CodeLines label={label} copy={text} lines={lines} numbers={numbers} />
}
