import { LayoutDashboard, type LucideIcon } from 'lucide-react'
import type { ComponentType } from 'react'
import type { StatusView } from '../../shared/calls.ts'
import { OverviewPage } from '../features/overview/overview-page.tsx'
import { places } from '../places.ts'

/** A page of the sidebar. `path` as wouter matches it; a page with objects below it ends in `/*?`. */
export type AppPage = {
  name: string
  /** Where its entry in the sidebar leads. */
  at: string
  path: string
  Icon: LucideIcon
  Page: ComponentType
  /** What waits there, shown as a count. */
  count?: (status: StatusView) => number
}

/** Every page there is, in the order of the sidebar. A new page is one line here. */
export const pages: readonly AppPage[] = [
  { name: 'Overview', at: places.overview, path: '/', Icon: LayoutDashboard, Page: OverviewPage },
]
