import { Lock, LockOpen } from 'lucide-react'
import type { Output } from '../../shared/calls.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Hint } from '../ui/hint.tsx'
import { Mark } from '../ui/icons.tsx'
import { EmptyState, ErrorState, Skeleton } from '../ui/states.tsx'
import { useCall, useConnection } from '../use-call.ts'

/** The page that may answer, in an origin of its own: whether it is unlocked, and for what it was opened. */
export function ApprovalShell({ at }: { at: string }) {
  const connection = useConnection()
  if (connection.state === 'signed-out') return <Closed why={connection.why} hint={connection.hint} />
  return (
    <div className="flex h-full flex-col">
      <header className="flex h-12 items-center gap-2 border-line border-b px-4">
        <Mark size={20} className="text-accent" />
        <h1 className="flex-1 text-base">Approvals</h1>
        <PresenceMark />
      </header>
      {connection.state === 'lost' && (
        <p role="status" className="border-asked-line border-b bg-asked-fill px-4 py-2 text-asked-text">
          The connection to the gateway was lost. Trying again …
        </p>
      )}
      <main className="flex-1 overflow-y-auto bg-surface" data-at={at}>
        <PresenceState />
      </main>
    </div>
  )
}

function PresenceMark() {
  const { value: presence } = useCall('presence.state', {}, ['presence'])
  if (!presence) return <Skeleton className="h-4 w-24" />
  const Icon = presence.present ? LockOpen : Lock
  return (
    <span className="flex items-center gap-1.5 text-muted">
      <Icon size={14} aria-hidden="true" />
      {presence.present ? 'Unlocked' : 'Locked'}
    </span>
  )
}

function PresenceState() {
  const { value: presence, error, refresh } = useCall('presence.state', {}, ['presence'])
  if (error && !presence) {
    const retry = <Button onClick={refresh}>Try again</Button>
    return (
      <ErrorState
        title="This page cannot see whether you are here"
        why={error.message}
        hint={error.hint}
        action={retry}
      />
    )
  }
  if (!presence) return null
  const [title, words] = presenceWords(presence)
  return (
    <EmptyState icon={presence.present ? <LockOpen size={24} /> : <Lock size={24} />} title={title}>
      <p>{words}</p>
    </EmptyState>
  )
}

function presenceWords({ present, enrolled, lost }: Output<'presence.state'>): [title: string, words: string] {
  if (present) return ['Unlocked', 'You are known to be here, until this page is closed.']
  if (lost)
    return ['The file of your PIN is gone', 'Nobody can answer. Restore it from a backup of the profile folder.']
  if (!enrolled) return ['No PIN yet', 'Nothing can be answered before you have chosen one.']
  return ['Locked', 'Nothing can be answered before you have entered your PIN.']
}

function Closed({ why, hint }: { why: string; hint: string }) {
  return (
    <main className="grid h-full place-items-center p-4">
      <Card className="w-110 p-6">
        <Mark size={32} className="text-accent" />
        <h1 className="mt-4 text-title">Open this page from Toolgate</h1>
        <p className="mt-2 text-muted">
          Answers are given only in a page that Toolgate opened itself. Close this one, and choose “Answer” in the app.
        </p>
        <p className="mt-4 text-faint">
          Why this is shown: <Hint text={why} />; <Hint text={hint} />.
        </p>
      </Card>
    </main>
  )
}
