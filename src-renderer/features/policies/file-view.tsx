import { clsx } from 'clsx'
import { memo, useEffect, useRef, useState } from 'react'
import type { PolicyFileView } from '../../../shared/policy-view.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-text.tsx'
import { Hint } from '../../ui/hint.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'
import type { LineRange } from './rule-lines.ts'
import { type YamlKind, yamlPieces } from './yaml-pieces.ts'

/** Lines shown before a person, or an address that points further down, asks for all. */
const firstLines = 1_500

const tints: Record<YamlKind, string> = {
  key: 'text-code-key',
  text: 'text-code-text',
  number: 'text-code-number',
  word: 'font-strong text-code-word',
  comment: 'text-faint',
  plain: '',
}

type FileViewProps = {
  file: PolicyFileView
  /** Lines to point at; the page goes there. */
  range: LineRange | null
  /** What is wrong, by line. */
  marks: ReadonlyMap<number, string>
}

/** A rule file to read: numbered and lightly tinted, with what the address points at and what is wrong marked. */
export function FileView({ file, range, marks }: FileViewProps) {
  const lines = file.text.split(/\r?\n/)
  const [all, setAll] = useState(false)
  const scroller = useRef<HTMLPreElement>(null)
  const target = range?.from ?? 0
  useEffect(() => {
    const line = target > 0 ? scroller.current?.querySelector<HTMLElement>(`[data-line="${target}"]`) : null
    if (!line || !scroller.current) return
    scroller.current.scrollTop = line.offsetTop - scroller.current.clientHeight / 3
    scroller.current.scrollIntoView({ block: 'nearest' })
  }, [target])
  const shown = all || target > firstLines ? lines : lines.slice(0, firstLines)
  return (
    <figure aria-label={`File ${file.path}`} className="overflow-hidden rounded-md border border-line bg-sunken">
      <figcaption className="flex h-8 items-center justify-between border-line border-b pr-1 pl-3 text-muted">
        <code>
          <VisibleText text={file.path} />
        </code>
        <CopyButton text={file.text} label={`Copy ${file.path}`} />
      </figcaption>
      <pre
        ref={scroller}
        role="region"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a keyboard must be able to scroll it
        tabIndex={0}
        aria-label={`Text of ${file.path}`}
        className="relative max-h-[calc(100vh-180px)] min-h-40 overflow-auto whitespace-pre-wrap py-2 outline-offset-[-2px]"
      >
        {shown.map((text, at) => {
          const number = at + 1
          const pointed = range !== null && number >= range.from && number <= range.to
          return (
            <div key={number} data-line={number}>
              <Line number={number} text={text} pointed={pointed} mark={marks.get(number) ?? null} />
            </div>
          )
        })}
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

type LineProps = { number: number; text: string; pointed: boolean; mark: string | null }

const Line = memo(function Line({ number, text, pointed, mark }: LineProps) {
  return (
    <>
      <div
        aria-current={pointed ? 'true' : undefined}
        className={clsx(
          'grid grid-cols-[48px_minmax(0,1fr)] border-l-2 pr-3',
          mark ? 'border-denied-text bg-denied-fill' : pointed ? 'border-accent bg-selected' : 'border-transparent',
        )}
      >
        <span className="select-none pr-3 text-right text-faint">{number}</span>
        <code className="min-h-5">
          {yamlPieces(text).map((piece, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no identity but their place
            <span key={at} className={tints[piece.kind]}>
              <VisibleText text={piece.text} />
            </span>
          ))}
        </code>
      </div>
      {mark && (
        <p className="whitespace-normal border-denied-text border-l-2 bg-denied-fill pr-3 pb-1 pl-12 font-sans text-denied-text">
          <Hint text={mark} />
        </p>
      )}
    </>
  )
})
