import { printable } from '../../shared/printable.ts'

/** A part of a text: as it is, or one hidden character in its visible form. */
type Part = { text: string; hidden: boolean }

/** Splits untrusted text so that hidden characters can be told from text that only looks like their visible form. */
function visibleParts(text: string): Part[] {
  if (printable(text) === text) return text === '' ? [] : [{ text, hidden: false }]
  const parts: Part[] = []
  for (const character of text) {
    const shown = printable(character)
    const hidden = shown !== character
    const last = parts.at(-1)
    if (last && !hidden && !last.hidden) last.text += shown
    else parts.push({ text: shown, hidden })
  }
  return parts
}

/** Text that runs from left to right wherever it stands, as the page does, and hides nothing. */
const plain = /^[ -~]*$/

/** Untrusted text on one line, in its own direction; hidden characters stand out as `\u{202e}`. */
export function VisibleText({ text }: { text: string }) {
  // Elements around each word of a long list would be half of its layout.
  if (plain.test(text)) return text
  return (
    <bdi>
      {visibleParts(text).map((part, at) => {
        const key = `${at}${part.text.length}`
        if (!part.hidden) return part.text
        return (
          <mark
            key={key}
            className="inline-block rounded-sm bg-asked-fill px-px text-asked-text"
            // In a text that runs from right to left its own parts must still be in order.
            dir="ltr"
            title="a character that cannot be seen"
          >
            {part.text}
          </mark>
        )
      })}
    </bdi>
  )
}
