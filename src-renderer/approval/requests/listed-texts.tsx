import { useMemo } from 'react'
import { CodeLines } from '../../ui/code-block.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'

const firstShown = 3
/** More texts, or longer ones, are too much to draw at once. */
const fewTexts = 20
const longestText = 400

type ListedProps = { texts: readonly string[]; all: boolean; label: string }

/** Untrusted texts below each other, the first few unless `all` are wanted; very many are drawn as far as they are in sight. */
export function ListedTexts({ texts, all, label }: ListedProps) {
  const shown = all ? texts : texts.slice(0, firstShown)
  if (shown.length > fewTexts || shown.some(({ length }) => length > longestText)) {
    return <CodeList label={label} texts={shown} more={texts.length - shown.length} />
  }
  return (
    <>
      {shown.map((text) => (
        <code key={text} className="block text-ink">
          <VisibleText text={text} />
        </code>
      ))}
      <More count={texts.length - shown.length} />
    </>
  )
}

function CodeList({ label, texts, more }: { label: string; texts: readonly string[]; more: number }) {
  const key = JSON.stringify(texts)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the texts, of which every showing has another list
  const lines = useMemo(() => texts.map((text) => ({ pieces: [{ text }] })), [key])
  return (
    <>
      <CodeLines label={label} copy={texts.join('\n')} lines={lines} whole />
      <More count={more} />
    </>
  )
}

function More({ count }: { count: number }) {
  return count > 0 && <span>and {count} more: see the details</span>
}
