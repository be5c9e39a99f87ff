import { clsx } from 'clsx'
import type { ReactNode } from 'react'

/** A part of a page that belongs together, in a hairline frame. */
export function Card({ className, children }: { className?: string; children: ReactNode }) {
  return <div className={clsx('rounded-md border border-line bg-raised', className)}>{children}</div>
}

/** A titled part of a page; `aside` stands at the right of the title. */
export function Section({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section aria-label={title} className="flex flex-col gap-2">
      <div className="flex h-6 items-center justify-between">
        <h2>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  )
}
