import { head } from './code-rows.ts'
import { VisibleText } from './visible-text.tsx'

type SentenceProps = {
  parts: readonly { text: string; strong?: boolean }[]
  /** Nothing is cut off: what a person decides by. */
  entire?: boolean
}

/** Longest part that a sentence holds, in characters: what it is taken from is shown in full elsewhere. */
const longestPart = 400

/** A sentence whose data stand out, with hidden characters visible. */
export function Sentence({ parts, entire = false }: SentenceProps) {
  return parts.map(({ text: whole, strong }, at) => {
    const text = whole.length > longestPart && !entire ? `${head(whole, longestPart)}…` : whole
    return strong ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts have no identity but their place
      <b key={at}>
        <VisibleText text={text} />
      </b>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: as above
      <VisibleText key={at} text={text} />
    )
  })
}
