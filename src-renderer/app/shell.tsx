import { useEffect, useState } from 'react'
import { Route, Router, Switch } from 'wouter'
import { ErrorBoundary } from '../ui/error-boundary.tsx'
import { EmptyState } from '../ui/states.tsx'
import { Toasts } from '../ui/toast.tsx'
import { useCall, useConnection } from '../use-call.ts'
import { Banners } from './banners.tsx'
import { useHashPlace } from './hash-place.ts'
import { pageFailed } from './page-failed.tsx'
import { pages } from './pages.tsx'
import { Palette } from './palette.tsx'
import { Sidebar } from './sidebar.tsx'
import { SignedOut } from './signed-out.tsx'
import { StatusLine } from './status-line.tsx'

/** The frame of the app: where you can go at the left, the page, and the guard's state at the bottom. */
export function Shell() {
  const connection = useConnection()
  const { value: status } = useCall('status', {}, ['status', 'approvals', 'servers', 'policy', 'clients'])
  const { value: asking = [] } = useCall('consents.list', {}, ['consents'])
  const [searching, setSearching] = useState(false)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return
      event.preventDefault()
      setSearching((open) => !open)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
  if (connection.state === 'signed-out') return <SignedOut why={connection.why} hint={connection.hint} />
  return (
    <Router hook={useHashPlace}>
      <div className="grid h-full min-w-0 grid-cols-[auto_minmax(0,1fr)] grid-rows-[minmax(0,1fr)_auto]">
        <Sidebar status={status} onSearch={() => setSearching(true)} />
        <div className="flex min-h-0 min-w-0 flex-col bg-surface">
          <Banners
            connection={connection}
            halts={status?.halts ?? []}
            observing={status?.observing ?? []}
            overrides={status?.overrides ?? []}
            asking={asking}
            crashing={(status?.servers ?? []).filter(({ runs }) => runs === 'crashing').map(({ name }) => name)}
          />
          <main className="min-h-0 flex-1 overflow-auto">
            <Switch>
              {pages.map(({ path, Page }) => (
                <Route key={path} path={path}>
                  <ErrorBoundary instead={pageFailed}>
                    <Page />
                  </ErrorBoundary>
                </Route>
              ))}
              <Route>
                <EmptyState title="There is no page at this address">Choose one at the left.</EmptyState>
              </Route>
            </Switch>
          </main>
        </div>
        <StatusLine status={status} connection={connection} />
      </div>
      {searching && <Palette halts={status?.halts ?? []} onClose={() => setSearching(false)} />}
      <Toasts />
    </Router>
  )
}
