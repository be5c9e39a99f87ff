import { members, type Span, textOf } from './spans.ts'

/**
 * The object at `span` as JSON text with `changes`: a member becomes the JSON text that is given, or goes where that is null; every other
 * value keeps its own bytes. What is no object counts as an empty one.
 */
export function changedMembers(
  raw: Buffer,
  span: Span | null | undefined,
  changes: Readonly<Record<string, string | null | undefined>>,
): string {
  const parts: string[] = []
  const put = (key: string, text: string) => void parts.push(`${JSON.stringify(key)}:${text}`)
  for (const { key, value } of span ? members(raw, span) : []) {
    if (!Object.hasOwn(changes, key)) put(key, textOf(raw, value))
  }
  for (const [key, text] of Object.entries(changes)) if (typeof text === 'string') put(key, text)
  return `{${parts.join(',')}}`
}
