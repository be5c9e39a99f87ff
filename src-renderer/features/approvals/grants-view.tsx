import { KeyRound, LockKeyhole } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import type { GrantView } from '../../../shared/approval.ts'
import { call } from '../../call.ts'
import { GrantsList } from '../../parts/grants-list.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Input } from '../../ui/field.tsx'
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx'
import { toast } from '../../ui/toast.tsx'
import { Checkbox } from '../../ui/toggle.tsx'
import { asFailure, useCall } from '../../use-call.ts'

/** Rows drawn; who looks for others finds them by their words. */
const mostShown = 200

/** What people allowed for longer than one call: looked for, ended at once, made longer in the approval window. */
export function GrantsView() {
  const [all, setAll] = useState(false)
  const [words, setWords] = useState('')
  const wanted = useDeferredValue(words)
  const { value: grants, error, refresh } = useCall('grants.list', { all }, ['approvals'])
  if (!grants && error) {
    const retry = <Button onClick={refresh}>Try again</Button>
    return <ErrorState title="The grants cannot be listed" why={error.message} hint={error.hint} action={retry} />
  }
  const found = grants?.filter((grant) => isAbout(grant, wanted))
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Input
          type="search"
          aria-label="Find a grant"
          placeholder="Find by client, server, tool or words"
          value={words}
          onChange={(event) => setWords(event.target.value)}
          className="w-80"
        />
        <Checkbox label="Also those that ended" checked={all} onChange={(event) => setAll(event.target.checked)} />
        <span className="flex-1" />
        <LockAll grants={grants ?? []} />
      </div>
      <Card>
        {!found ? (
          <Skeleton className="h-40 w-full" />
        ) : found.length > 0 ? (
          <>
            <GrantsList label="Grants" grants={found.slice(0, mostShown)} />
            {found.length > mostShown && (
              <p className="border-line border-t px-4 py-2 text-muted">
                {found.length - mostShown} more: find them by their words.
              </p>
            )}
          </>
        ) : (
          <None looking={wanted.trim() !== ''} />
        )}
      </Card>
    </>
  )
}

function None({ looking }: { looking: boolean }) {
  if (looking) return <EmptyState title="No grant says that">Fewer words find more.</EmptyState>
  return (
    <EmptyState icon={<KeyRound size={24} />} title="Nothing is allowed for longer than a call">
      <p>
        When you answer a call you can allow more like it for a while. What you allow so stands here, and ends with one
        click.
      </p>
    </EmptyState>
  )
}

function isAbout({ says, client, server, tool, by }: GrantView, wanted: string): boolean {
  const text = [says, client.name, server, tool ?? '', by].join(' ').toLowerCase()
  return wanted
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}

/** Ends what was given for sessions, as when somebody leaves the machine. */
function LockAll({ grants }: { grants: readonly GrantView[] }) {
  const [busy, setBusy] = useState(false)
  const count = grants.filter(({ state, duration }) => state === 'active' && duration === 'session').length
  if (count === 0) return null
  const lock = () => {
    setBusy(true)
    call('grants.lock', {})
      .then(({ ended }) => toast({ title: ended === 1 ? 'One grant ended' : `${ended} grants ended`, tone: 'allowed' }))
      .catch((error: unknown) => {
        const { message, hint } = asFailure(error)
        toast({ title: message, detail: hint, tone: 'denied' })
      })
      .finally(() => setBusy(false))
  }
  return (
    <Button icon={<LockKeyhole size={14} aria-hidden="true" />} loading={busy} onClick={lock}>
      End those of sessions ({count})
    </Button>
  )
}
