import { Plus, Server } from 'lucide-react'
import { useLocation } from 'wouter'
import type { ServerView } from '../../../shared/server.ts'
import { isAt, places } from '../../places.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx'
import { useCall } from '../../use-call.ts'
import { ServerChangeForm } from './server-change-form.tsx'
import { ServerForm } from './server-form.tsx'
import { ServerPage } from './server-page.tsx'
import { ServersList } from './servers-list.tsx'
import { UnusedTools } from './unused-tools.tsx'

/** Servers: all of them, a new one, or one with its tools, as the address says. */
export function ServersPage() {
  const [location, go] = useLocation()
  const { value: servers, error, refresh } = useCall('servers.list', {}, ['servers'])
  if (!servers && error) {
    const retry = <Button onClick={refresh}>Try again</Button>
    return <ErrorState title="The servers cannot be listed" why={error.message} hint={error.hint} action={retry} />
  }
  if (!servers) return <Loading />
  if (location === places.servers) return <AllServers servers={servers} />
  if (location === places.addServer) {
    return (
      <div className="p-6">
        <h1 className="mb-1 text-title">Add a server</h1>
        <p className="mb-6 max-w-160 text-muted">
          Its tools become available to your AI clients through Toolgate, once you have reviewed them.
        </p>
        <ServerForm
          taken={servers.map(({ name }) => name)}
          onAdded={(name) => go(places.server(name))}
          onCancel={() => go(places.servers)}
        />
      </div>
    )
  }
  const changing = servers.find(({ name }) => isAt(location, places.editServer(name)))
  if (changing) {
    return (
      <div className="p-6">
        <h1 className="mb-1 text-title">Change {changing.name}</h1>
        <p className="mb-6 max-w-160 text-muted">
          What is approved is exactly what you see here: after a change it has to be approved again. What runs goes on
          until its calls are answered.
        </p>
        <ServerChangeForm key={changing.name} server={changing} onDone={(name) => go(places.server(name))} />
      </div>
    )
  }
  const open = servers.find(({ name }) => isAt(location, places.server(name)) || isBelow(location, name))
  return open ? <ServerPage key={open.name} server={open} /> : <NoSuchServer />
}

function isBelow(location: string, name: string): boolean {
  return location.startsWith(`${places.server(name)}/`)
}

function AllServers({ servers }: { servers: readonly ServerView[] }) {
  const [, go] = useLocation()
  const add = (
    <Button look="primary" icon={<Plus size={14} aria-hidden="true" />} onClick={() => go(places.addServer)}>
      Add a server
    </Button>
  )
  return (
    <div className="flex flex-col gap-4 p-6">
      <header className="flex items-center justify-between gap-4">
        <div>
          <h1 className="text-title">Servers</h1>
          <p className="text-muted">Where tools come from. Only reviewed tools of approved servers can be called.</p>
        </div>
        {servers.length > 0 && add}
      </header>
      <Card className="overflow-x-auto">
        {servers.length > 0 ? (
          <ServersList servers={servers} />
        ) : (
          <EmptyState icon={<Server size={24} />} title="No server yet" action={add}>
            <p>
              Your AI clients reach files, databases and services through servers. Put one behind Toolgate, review its
              tools once, and every call is decided here.
            </p>
          </EmptyState>
        )}
      </Card>
      <UnusedTools />
    </div>
  )
}

function NoSuchServer() {
  const [, go] = useLocation()
  return (
    <EmptyState
      icon={<Server size={24} />}
      title="There is no server of this name"
      action={<Button onClick={() => go(places.servers)}>All servers</Button>}
    >
      <p>It may have been removed, or the address may be mistyped.</p>
    </EmptyState>
  )
}

function Loading() {
  return (
    <div className="flex flex-col gap-4 p-6" aria-busy="true">
      <Skeleton className="h-12 w-96" />
      <Skeleton className="h-64 w-full" />
    </div>
  )
}
