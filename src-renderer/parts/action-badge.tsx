import { clsx } from 'clsx'
import { Eraser, Eye, type LucideIcon, Pencil } from 'lucide-react'
import type { Action } from '../../shared/envelope.ts'

const looks: Record<Action, { Icon: LucideIcon; text: string }> = {
  read: { Icon: Eye, text: 'text-muted' },
  write: { Icon: Pencil, text: 'text-asked-text' },
  destructive: { Icon: Eraser, text: 'text-denied-text' },
}

/** What a tool does to the world, as decided in its review. */
export function ActionBadge({ action }: { action: Action }) {
  const { Icon, text } = looks[action]
  return (
    <span className={clsx('inline-flex items-center gap-1.5 whitespace-nowrap', text)}>
      <Icon size={14} aria-hidden="true" />
      {action}
    </span>
  )
}
