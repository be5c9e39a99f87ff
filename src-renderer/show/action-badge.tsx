import { clsx } from 'clsx'
import { Eye, Flame, PenLine } from 'lucide-react'
import type { Action } from '../../shared/envelope.ts'

const looks = {
  read: { Icon: Eye, word: 'Reads', text: 'text-muted', box: 'border-line-strong' },
  write: { Icon: PenLine, word: 'Writes', text: 'text-asked-text', box: 'border-asked-line bg-asked-fill' },
  destructive: { Icon: Flame, word: 'Destructive', text: 'text-denied-text', box: 'border-denied-line bg-denied-fill' },
} as const

/** What a tool was reviewed to do, as icon and word; `plain` has no frame, for where many stand below each other. */
export function ActionBadge({ action, plain = false }: { action: Action; plain?: boolean }) {
  const { Icon, word, text, box } = looks[action]
  if (plain) {
    return (
      <span className={clsx('inline-flex items-center gap-1.5 whitespace-nowrap', text)}>
        <Icon size={14} aria-hidden="true" />
        {action}
      </span>
    )
  }
  return (
    <span
      className={clsx(
        'inline-flex h-5 shrink-0 items-center gap-1 whitespace-nowrap rounded-sm border px-1.5 font-strong text-small',
        text,
        box,
      )}
    >
      <Icon size={12} aria-hidden="true" />
      {word}
    </span>
  )
}
