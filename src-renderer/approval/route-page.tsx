import type { StatusView } from '../../shared/calls.ts'
import { ClientPage } from './clients/client-page.tsx'
import { ClientsPage } from './clients/clients-page.tsx'
import { ConnectPage } from './clients/connect/connect-page.tsx'
import { UndoPage } from './clients/connect/undo-page.tsx'
import { NewClientPage } from './clients/new-client-page.tsx'
import { ConsentPage } from './consents/consent-page.tsx'
import { ExtendPage } from './grants/extend-page.tsx'
import { CloseIncidentPage } from './incidents/close-incident-page.tsx'
import { ObservePage } from './observe/observe-page.tsx'
import { OverridePage } from './override/override-page.tsx'
import { PeoplePage } from './people/people-page.tsx'
import { PolicyPage } from './policy/policy-page.tsx'
import { PresencePage } from './presence-page.tsx'
import { QuietPage } from './quiet-page.tsx'
import { RequestsPage } from './requests/requests-page.tsx'
import type { Queue } from './requests/use-queue.ts'
import { ResumePage } from './resume/resume-page.tsx'
import type { Route } from './route.ts'
import { ServerPage } from './servers/server-page.tsx'
import { ServersPage } from './servers/servers-page.tsx'

type RoutePageProps = {
  route: Route
  go: (to: string) => void
  queue: Queue
  home: string | null
  status: StatusView | undefined
}

/** The page of a place. Only an unlocked page comes here. */
export function RoutePage({ route, go, queue, home, status }: RoutePageProps) {
  switch (route.page) {
    case 'requests':
      return <RequestsPage queue={queue} home={home} go={go} />
    case 'servers':
      return <ServersPage go={go} />
    case 'server':
      return <ServerPage key={route.name} name={route.name} go={go} />
    case 'policy':
      return <PolicyPage />
    case 'clients':
      return <ClientsPage go={go} />
    case 'new-client':
      return <NewClientPage status={status} go={go} />
    case 'connect':
      return <ConnectPage key={route.client} client={route.client} home={home} go={go} />
    case 'undo-connect':
      return <UndoPage key={route.client} client={route.client} home={home} go={go} />
    case 'client':
      return <ClientPage key={route.id} id={route.id} go={go} />
    case 'observe':
      return <ObservePage scope={route.scope} name={route.name} />
    case 'resume':
      return <ResumePage status={status} go={go} />
    case 'override':
      return <OverridePage />
    case 'incident':
      return <CloseIncidentPage key={route.id} id={route.id} go={go} />
    case 'grant':
      return <ExtendPage key={route.id} id={route.id} go={go} />
    case 'people':
      return <PeoplePage go={go} />
    case 'consent':
      return <ConsentPage key={route.id} id={route.id} go={go} />
    case 'quiet':
      return <QuietPage />
    case 'presence':
      return <PresencePage />
  }
}
