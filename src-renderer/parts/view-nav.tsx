import { clsx } from 'clsx'
import type { ReactNode } from 'react'
import { Link } from 'wouter'

type View<Id extends string> = { id: Id; name: string; at: string }

type ViewNavProps<Id extends string> = {
  label: string
  views: readonly View<Id>[]
  current: Id
  /** What stands behind the name of a view, such as a count. */
  mark?: (id: Id) => ReactNode
}

/** Leads from one view of a page to the others, each at its own address. */
export function ViewNav<Id extends string>({ label, views, current, mark }: ViewNavProps<Id>) {
  return (
    <nav aria-label={label} className="border-line border-b">
      <ul className="flex flex-wrap gap-x-4">
        {views.map(({ id, name, at }) => (
          <li key={id}>
            <Link
              href={at}
              aria-current={id === current ? 'page' : undefined}
              className={clsx(
                '-mb-px flex h-9 items-center gap-1.5 border-b-2 transition-colors',
                id === current
                  ? 'border-accent-text font-strong text-ink'
                  : 'border-transparent text-muted hover:text-ink',
              )}
            >
              {name}
              {mark?.(id)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
