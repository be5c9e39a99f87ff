import { clsx } from 'clsx'
import { Link } from 'wouter'
import { isAt, places } from '../../places.ts'

/** The views of approvals, each at its own address; a new one is a line here and one in the page. */
const views = [
  { id: 'waiting', name: 'Waiting', at: places.approvals },
  { id: 'noise', name: 'Noise', at: places.noise },
] as const
export type ApprovalsViewId = (typeof views)[number]['id']

/** Which view an address belongs to: what waits, unless it is another's. */
export function approvalsViewAt(location: string): ApprovalsViewId {
  return views.find(({ at }) => isAt(location, at))?.id ?? 'waiting'
}

/** Leads from one view of approvals to the others. */
export function ApprovalsNav({ current }: { current: ApprovalsViewId }) {
  return (
    <nav aria-label="Views of approvals" className="border-line border-b">
      <ul className="flex flex-wrap gap-x-4">
        {views.map(({ id, name, at }) => (
          <li key={id}>
            <Link
              href={at}
              aria-current={id === current ? 'page' : undefined}
              className={clsx(
                '-mb-px flex h-9 items-center border-b-2 transition-colors',
                id === current
                  ? 'border-accent-text font-strong text-ink'
                  : 'border-transparent text-muted hover:text-ink',
              )}
            >
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
