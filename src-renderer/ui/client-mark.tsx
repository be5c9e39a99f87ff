import { clsx } from 'clsx'
import type { ReactNode } from 'react'
import { printable } from '../../shared/printable.ts'

/** Signs of well-known clients, drawn by us, on a grid of 16. */
const signs: readonly (readonly [name: RegExp, sign: ReactNode])[] = [
  [/^cursor\b/i, <path key="cursor" d="M8 2.5 13 5.3v5.4L8 13.5 3 10.7V5.3zM3 5.3l5 2.9 5-2.9M8 8.2v5.3" />],
  [
    /^claude\b/i,
    <path key="claude" d="M8 2.5v11M2.5 8h11M4.1 4.1l7.8 7.8M11.9 4.1l-7.8 7.8M5.9 2.9l4.2 10.2M10.1 2.9 5.9 13.1" />,
  ],
  [
    /^(vs ?code|visual studio code|github copilot)\b/i,
    <path key="code" d="M11 2.5 13.5 4v8L11 13.5 2.5 6.2M11 2.5 2.5 9.8M11 2.5v11" />,
  ],
  [/^(codex|chatgpt|openai)\b/i, <path key="codex" d="m3 5 3 3-3 3M8 11.5h5M3 2.5h10v11H3" />],
  [
    /^windsurf\b/i,
    <path key="windsurf" d="M2.5 6.5c2 0 2-2 4-2s2 2 4 2 2-2 3-2M2.5 11.5c2 0 2-2 4-2s2 2 4 2 2-2 3-2" />,
  ],
  [
    /^gemini\b/i,
    <path
      key="gemini"
      d="M8 2.5c.5 3.3 2.2 5 5.5 5.5C10.2 8.5 8.5 10.2 8 13.5 7.5 10.2 5.8 8.5 2.5 8 5.8 7.5 7.5 5.8 8 2.5z"
    />,
  ],
  [/^zed\b/i, <path key="zed" d="M3.5 3.5h9l-9 9h9" />],
]

/**
 * Sign of a client: that of a well-known one, else its initial. A client that only claims its name never has somebody's sign,
 * and its frame is dashed.
 */
export function ClientMark({ name, claimed, size = 28 }: { name: string; claimed: boolean; size?: 20 | 28 }) {
  const sign = claimed ? undefined : signs.find(([pattern]) => pattern.test(name.trim()))?.[1]
  return (
    <span
      aria-hidden="true"
      className={clsx(
        'grid shrink-0 select-none place-items-center rounded-md border bg-sunken font-strong text-ink',
        claimed ? 'border-edge border-dashed' : 'border-line-strong',
        size === 20 ? 'size-5 text-small' : 'size-7',
      )}
    >
      {sign ? (
        <svg
          viewBox="0 0 16 16"
          width={size - 10}
          height={size - 10}
          fill="none"
          stroke="currentColor"
          strokeWidth={1.25}
          strokeLinecap="round"
          strokeLinejoin="round"
          aria-hidden="true"
        >
          {sign}
        </svg>
      ) : (
        initial(name)
      )}
    </span>
  )
}

/** First letter or figure of a name; one with none has a question mark. */
function initial(name: string): string {
  const [letter] = printable(name).match(/[\p{L}\p{N}]/u) ?? []
  return letter?.toUpperCase() ?? '?'
}
