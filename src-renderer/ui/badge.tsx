import { clsx } from 'clsx'
import type { ReactNode } from 'react'

/** A small count or label without meaning of its own. `strong`: it asks for attention. */
export function Badge({ children, strong = false }: { children: ReactNode; strong?: boolean }) {
  return (
    <span
      className={clsx(
        'inline-flex h-4 min-w-4 shrink-0 items-center justify-center whitespace-nowrap rounded-sm px-1 font-strong text-small leading-none',
        strong ? 'bg-accent text-on-solid' : 'bg-hover text-muted',
      )}
    >
      {children}
    </span>
  )
}
