import { printableLines } from '../../shared/printable.ts'

/** Somebody else's own words, marked as a quotation so that they are never taken for ours. */
export function Quote({ text, from }: { text: string; from: string }) {
  return (
    <figure className="border-line-strong border-l-2 pl-3">
      <figcaption className="text-faint text-small">In the words of {from}</figcaption>
      <blockquote className="max-h-80 overflow-y-auto whitespace-pre-wrap text-muted" dir="auto">
        {text === '' ? 'It says nothing.' : `“${printableLines(text).join('\n')}”`}
      </blockquote>
    </figure>
  )
}
