import { useDeferredValue, useMemo } from 'react'
import type { ApprovalView } from '../../../shared/approval.ts'
import { Input } from '../../ui/field.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'
import type { ArgumentPart } from './argument-parts.ts'
import { foundLines, readTexts } from './found-lines.ts'

type FindProps = {
  view: Pick<ApprovalView, 'arguments' | 'also_sent'>
  /** The parts as they are shown; null: the exact text is. */
  parts: readonly ArgumentPart[] | null
  text: string
  onText: (text: string) => void
}

/** Looks for a text in all that the call carries, also in what is too long to be drawn, and shows the lines that hold it. */
export function FindInArguments({ view, parts, text, onText }: FindProps) {
  const wanted = useDeferredValue(text)
  const { arguments: exact, also_sent } = view
  const { lines, count } = useMemo(() => {
    const along = also_sent === '' ? [] : [{ place: 'sent along', text: also_sent }]
    return foundLines([...readTexts(parts, exact), ...along], wanted)
  }, [parts, exact, also_sent, wanted])
  const shown = lines.length
  return (
    <search className="mb-2 flex flex-col gap-1 rounded-md border border-line bg-canvas p-2">
      <Input
        autoFocus
        aria-label="Find in the arguments"
        placeholder="Find in the arguments"
        value={text}
        onChange={(event) => onText(event.target.value)}
      />
      <p role="status" className="text-muted text-small">
        {wanted === '' ? 'Esc closes it.' : `Found ${count === 1 ? 'once' : `${count.toLocaleString('en')} times`}.`}
      </p>
      {shown > 0 && (
        <ol aria-label="Lines that hold it" className="max-h-40 overflow-y-auto font-mono text-code">
          {lines.map(({ place, number, pieces }) => (
            <li key={`${place} ${number}`} className="wrap-anywhere border-line border-t py-0.5">
              <span className="block font-sans text-faint text-small">
                <VisibleText text={place} />, line {number}
              </span>
              {pieces.map((piece, at) =>
                piece.found ? (
                  // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no identity but their order
                  <mark key={at} className="rounded-sm bg-accent text-on-solid">
                    <VisibleText text={piece.text} />
                  </mark>
                ) : (
                  // biome-ignore lint/suspicious/noArrayIndexKey: the same
                  <VisibleText key={at} text={piece.text} />
                ),
              )}
            </li>
          ))}
        </ol>
      )}
    </search>
  )
}
