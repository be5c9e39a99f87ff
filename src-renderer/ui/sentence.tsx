import { VisibleText } from './visible-text.tsx'

type SentenceProps = { parts: readonly { text: string; strong?: boolean }[] }

/** A sentence whose data stand out, with hidden characters visible. */
export function Sentence({ parts }: SentenceProps) {
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
