import { clsx } from 'clsx'
import type { Connection } from '../call.ts'
import { inDesktopApp } from '../call.ts'
import { homeOf } from '../say/short-path.ts'
import { Button } from '../ui/button.tsx'
import { ErrorState, Skeleton } from '../ui/states.tsx'
import { Toasts } from '../ui/toast.tsx'
import { useCall, useConnection } from '../use-call.ts'
import { AskingApps } from './consents/asking-apps.tsx'
import { Header } from './header.tsx'
import { useQueue } from './requests/use-queue.ts'
import { RoutePage } from './route-page.tsx'
import { SignedOut } from './signed-out.tsx'
import { UnlockPage } from './unlock/unlock-page.tsx'
import { AskPresence } from './use-deed.ts'
import { useRoute } from './use-route.ts'
import { WaitingBar } from './waiting-bar.tsx'

/** The page that may answer, in an origin of its own: first that a person is here, then what it was opened for. */
export function ApprovalShell({ at }: { at: string }) {
  const connection = useConnection()
  if (connection.state === 'signed-out') return <SignedOut why={connection.why} hint={connection.hint} />
  return <SignedIn at={at} connection={connection} />
}

/**
 * In a browser the page fills its tab. The desktop app's window grows with what the page would like to be, up to 680 px, so
 * there the page says what it would like.
 */
const size = inDesktopApp() ? 'min-h-dvh max-h-[max(100dvh,680px)]' : 'h-dvh'

function SignedIn({ at, connection }: { at: string; connection: Connection }) {
  const [route, go] = useRoute(at)
  const { value: status } = useCall('status', {}, ['status'])
  const home = status ? homeOf(status.profile) : null
  const { value: presence, error, refresh } = useCall('presence.state', {}, ['presence'])
  const queue = useQueue(route.page === 'requests' ? route.id : null, home)
  const unlocked = presence?.present ?? false
  return (
    <AskPresence value={refresh}>
      <div className={clsx('flex flex-col bg-surface', size)}>
        <Header
          route={route}
          go={go}
          unlocked={unlocked}
          known={presence !== undefined}
          who={presence?.who?.name ?? null}
        />
        {connection.state === 'lost' && (
          <p role="status" className="border-asked-line border-b bg-asked-fill px-4 py-2 text-asked-text">
            The connection to the gateway was lost. Trying again: nothing can be answered until it is back.
          </p>
        )}
        {unlocked && route.page !== 'requests' && <WaitingBar count={queue.state.waiting.length} go={go} />}
        {unlocked && <AskingApps but={route.page === 'consent' ? route.id : null} go={go} />}
        <main className="flex min-h-0 flex-1 flex-col" data-at={at}>
          {presence === undefined ? (
            <Unknown error={error} onRetry={refresh} />
          ) : unlocked ? (
            <RoutePage route={route} go={go} queue={queue} home={home} status={status} />
          ) : (
            <UnlockPage presence={presence} />
          )}
        </main>
        <Toasts />
      </div>
    </AskPresence>
  )
}

type UnknownProps = { error: { message: string; hint: string } | null; onRetry: () => void }

function Unknown({ error, onRetry }: UnknownProps) {
  if (!error) {
    return (
      <div className="flex flex-col gap-3 p-4" aria-busy="true">
        <Skeleton className="h-7 w-40" />
        <Skeleton className="h-24 w-full" />
      </div>
    )
  }
  return (
    <div className="p-4">
      <ErrorState
        compact
        title="This page cannot see whether you are here"
        why={error.message}
        hint={error.hint}
        action={<Button onClick={onRetry}>Try again</Button>}
      />
    </div>
  )
}
