import { ViewNav } from '../../parts/view-nav.tsx'
import { isAt, places } from '../../places.ts'

/** The views of approvals, each at its own address; a new one is a line here and one in the page. */
const views = [
  { id: 'waiting', name: 'Waiting', at: places.approvals },
  { id: 'grants', name: 'Grants', at: places.grants },
  { id: 'noise', name: 'Noise', at: places.noise },
] as const
export type ApprovalsViewId = (typeof views)[number]['id']

/** Which view an address belongs to: what waits, unless it is another's. */
export function approvalsViewAt(location: string): ApprovalsViewId {
  return views.find(({ at }) => isAt(location, at))?.id ?? 'waiting'
}

/** Leads from one view of approvals to the others. */
export function ApprovalsNav({ current }: { current: ApprovalsViewId }) {
  return <ViewNav label="Views of approvals" views={views} current={current} />
}
