import { clsx } from 'clsx'
import { Eye, Flame, PenLine } from 'lucide-react'
import type { Action } from '../../../shared/envelope.ts'

const looks = {
  read: { Icon: Eye, word: 'Reads', look: 'border-line-strong text-muted' },
  write: { Icon: PenLine, word: 'Writes', look: 'border-asked-line bg-asked-fill text-asked-text' },
  destructive: { Icon: Flame, word: 'Destructive', look: 'border-denied-line bg-denied-fill text-denied-text' },
} as const

/** What a tool was reviewed to do, as icon and word. */
export function ActionBadge({ action }: { action: Action }) {
  const { Icon, word, look } = looks[action]
  return (
    <span
      className={clsx(
        'inline-flex h-5 shrink-0 items-center gap-1 whitespace-nowrap rounded-sm border px-1.5 font-strong text-small',
        look,
      )}
    >
      <Icon size={12} aria-hidden="true" />
      {word}
    </span>
  )
}
