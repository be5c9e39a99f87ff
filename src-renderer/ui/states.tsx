import { clsx } from 'clsx'
import { CircleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { Hint } from './hint.tsx'

type EmptyProps = { icon?: ReactNode; title: string; children: ReactNode; action?: ReactNode }

/** Nothing here yet: says why, and teaches the first step. */
export function EmptyState({ icon, title, children, action }: EmptyProps) {
  return (
    <div className="mx-auto flex max-w-2xl flex-col items-center px-4 py-12 text-center">
      {icon && <span className="mb-3 text-faint">{icon}</span>}
      <h2 className="text-large">{title}</h2>
      <div className="mt-1 flex max-w-full flex-col items-center text-muted [&>p]:max-w-md">{children}</div>
      {action && <div className="mt-4 flex gap-2">{action}</div>}
    </div>
  )
}

/** A failure that a person should see: what happened, why, and what to do, with the button that does it. */
type ErrorProps = { title: string; why: string; hint: string; action?: ReactNode; compact?: boolean }

/** What happened, why, and what to do, with the button that does it. */
export function ErrorState({ title, why, hint, action, compact = false }: ErrorProps) {
  return (
    <div
      role="alert"
      className={clsx(
        'flex gap-3 rounded-md border border-denied-line bg-denied-fill p-3',
        !compact && 'mx-auto my-12 max-w-xl',
      )}
    >
      <CircleAlert size={16} className="mt-0.5 shrink-0 text-denied-text" aria-hidden="true" />
      <div className="min-w-0 flex-1">
        <p className="font-strong text-denied-text">{title}</p>
        <p>
          <Hint text={why} />
        </p>
        <p className="text-muted">
          <Hint text={hint} />
        </p>
        {action && <div className="mt-3 flex gap-2">{action}</div>}
      </div>
    </div>
  )
}

/** A place where words are about to be; still, since it is seldom there for long. */
export function Skeleton({ className = 'h-4 w-full' }: { className?: string }) {
  return <span aria-hidden="true" className={clsx('block rounded-sm bg-hover', className)} />
}
