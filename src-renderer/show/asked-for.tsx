import { askedText, askedWords } from '../../shared/asked-words.ts'
import { printable } from '../../shared/printable.ts'
import type { Kind } from '../../shared/traffic.ts'
import { VisibleText } from '../ui/visible-text.tsx'

/** What of which server a call asks for: a tool by its name, all else with a word for what it is. */
export function AskedFor({ server, kind, name }: { server: string; kind: Kind; name: string }) {
  const asked = askedWords(kind, name)
  return (
    <>
      <span className="text-muted">
        <VisibleText text={server} /> ›{asked.words && ` ${asked.words}`}
      </span>{' '}
      {asked.name !== null && (
        <code>
          <VisibleText text={asked.name} />
        </code>
      )}
    </>
  )
}

/** The same as one text, for titles. */
export function askedForText({ server, kind, name }: { server: string; kind: Kind; name: string }): string {
  return `${printable(server)} › ${printable(askedText(kind, name))}`
}
