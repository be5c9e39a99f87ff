import { clsx } from 'clsx'
import { Link } from 'wouter'
import { isAt, places } from '../../places.ts'
import { Badge } from '../../ui/badge.tsx'

/** The views of policy, each at its own address. */
const views = [
  { id: 'rules', name: 'Rules', at: places.policies },
  { id: 'edit', name: 'Edit', at: places.editPolicy },
  { id: 'try', name: 'Try it', at: places.tryPolicy },
  { id: 'replay', name: 'Replay', at: places.replay },
  { id: 'suggestions', name: 'Suggestions', at: places.suggestions },
  { id: 'history', name: 'History', at: places.policyHistory },
] as const
export type PolicyViewId = (typeof views)[number]['id']

/** Which view an address belongs to: rules, unless it lies below another. */
export function viewAt(location: string): PolicyViewId {
  const others = views.filter(({ id }) => id !== 'rules')
  return others.find(({ at }) => isAt(location, at) || location.startsWith(`${at}/`))?.id ?? 'rules'
}

/** Leads from one view of policy to the others; `drafted`: files that are changed and not saved. */
export function PolicyNav({ current, drafted }: { current: PolicyViewId; drafted: number }) {
  return (
    <nav aria-label="Views of policy" className="border-line border-b">
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
              {id === 'edit' && drafted > 0 && <Badge strong>{drafted} not saved</Badge>}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
