import type { SentencePart } from '../../say/sentence-part.ts'
import { VisibleText } from '../../ui/visible-text.tsx'

/** A sentence whose data stand out, with hidden characters visible. */
export function Sentence({ parts }: { parts: readonly SentencePart[] }) {
  return parts.map(({ text, strong }, at) =>
    strong ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts have no identity but their place
      <b key={at}>
        <VisibleText text={text} />
      </b>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: as above
      <VisibleText key={at} text={text} />
    ),
  )
}
