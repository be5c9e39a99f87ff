import { ViewNav } from '../../parts/view-nav.tsx'
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
  const mark = (id: PolicyViewId) => id === 'edit' && drafted > 0 && <Badge strong>{drafted} not saved</Badge>
  return <ViewNav label="Views of policy" views={views} current={current} mark={mark} />
}
