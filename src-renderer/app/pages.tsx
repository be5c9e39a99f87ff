import {
  Activity,
  LayoutDashboard,
  ListChecks,
  type LucideIcon,
  MessageCircleQuestion,
  Plug,
  ScrollText,
  Server,
  Siren,
} from 'lucide-react'
import type { ComponentType } from 'react'
import type { StatusView } from '../../shared/calls.ts'
import { ActivityPage } from '../features/activity/activity-page.tsx'
import { ApprovalsPage } from '../features/approvals/approvals-page.tsx'
import { ClientsPage } from '../features/clients/clients-page.tsx'
import { IncidentsPage } from '../features/incidents/incidents-page.tsx'
import { OverviewPage } from '../features/overview/overview-page.tsx'
import { StartPage } from '../features/overview/start-page.tsx'
import { PoliciesPage } from '../features/policies/policies-page.tsx'
import { ServersPage } from '../features/servers/servers-page.tsx'
import { places } from '../places.ts'

/** A page of the sidebar. `path` as wouter matches it; a page with objects below it ends in `/*?`. */
export type AppPage = {
  name: string
  /** Where its entry in the sidebar leads. */
  at: string
  path: string
  Icon: LucideIcon
  Page: ComponentType
  /** It has an address and can be searched for, and no entry in the sidebar. */
  hidden?: true
  /** What waits there, shown as a count. */
  count?: (status: StatusView) => number
}

/** Every page there is, in the order of the sidebar. A new page is one line here. */
export const pages: readonly AppPage[] = [
  { name: 'Overview', at: places.overview, path: '/', Icon: LayoutDashboard, Page: OverviewPage },
  { name: 'Activity', at: places.activity, path: '/activity/*?', Icon: Activity, Page: ActivityPage },
  {
    name: 'Approvals',
    at: places.approvals,
    path: '/approvals/*?',
    Icon: MessageCircleQuestion,
    Page: ApprovalsPage,
    count: ({ approvals }) => approvals,
  },
  { name: 'Servers', at: places.servers, path: '/servers/*?', Icon: Server, Page: ServersPage },
  { name: 'Policies', at: places.policies, path: '/policies/*?', Icon: ScrollText, Page: PoliciesPage },
  { name: 'Connected clients', at: places.clients, path: '/clients/*?', Icon: Plug, Page: ClientsPage },
  { name: 'Incidents', at: places.incidents, path: '/incidents/*?', Icon: Siren, Page: IncidentsPage, hidden: true },
  { name: 'First steps', at: places.start, path: '/start', Icon: ListChecks, Page: StartPage, hidden: true },
]
