import { printable } from '../../shared/printable.ts'

/** A message or hint of the product: what stands in backticks is shown as code, hidden characters are made visible. */
export function Hint({ text }: { text: string }) {
  return text.split('`').map((part, at) => {
    const key = `${at} ${part}`
    if (at % 2 === 0) return <span key={key}>{printable(part)}</span>
    return (
      <code key={key} className="rounded-sm bg-ink/7 px-1">
        {printable(part)}
      </code>
    )
  })
}
