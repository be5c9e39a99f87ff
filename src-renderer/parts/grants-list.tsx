import { CalendarPlus } from 'lucide-react'
import { useState } from 'react'
import type { GrantView } from '../../shared/approval.ts'
import { call } from '../call.ts'
import { failureText } from '../say/failure-text.ts'
import { grantStates } from '../say/grant-state.ts'
import { Button } from '../ui/button.tsx'
import { Chip } from '../ui/chip.tsx'
import { Time } from '../ui/time.tsx'
import { VisibleText } from '../ui/visible-text.tsx'
import { asFailure } from '../use-call.ts'
import { OpenApprovalsButton } from './open-approvals-button.tsx'

type GrantsListProps = {
  label: string
  grants: readonly GrantView[] /** Whose they are stands around the list. */
  own?: 'client' | 'server'
}

/** What people allowed for longer than one call; each can be ended at once, and made longer in the approval window. */
export function GrantsList({ label, grants, own }: GrantsListProps) {
  return (
    <ul aria-label={label} className="divide-y divide-line">
      {grants.map((grant) => (
        <li key={grant.id} className="flex flex-wrap items-start gap-x-4 gap-y-2 px-4 py-3">
          <div className="min-w-60 flex-1">
            <p className="flex flex-wrap items-center gap-2">
              <Chip {...grantStates[grant.state]} tip={grantStates[grant.state].means} />
              <span className="font-strong [overflow-wrap:anywhere]">
                <VisibleText text={grant.says} />
              </span>
            </p>
            <p className="text-muted">
              <Whose grant={grant} own={own} />
              <Ends grant={grant} />
              {'; '}
              {grant.last_used === null ? notUsedWords(grant.max_uses) : usedWords(grant)}
              {grant.last_used !== null && <Time at={grant.last_used} />}
            </p>
            <p className="text-muted">
              Allowed by <VisibleText text={grant.by} /> at level {grant.level}, <Time at={grant.created_at} />
              {grant.reason !== '' && (
                <>
                  : <VisibleText text={grant.reason} />
                </>
              )}
            </p>
          </div>
          {grant.state === 'active' && <Actions grant={grant} />}
        </li>
      ))}
    </ul>
  )
}

function Whose({ grant: { client, tenant, server }, own }: { grant: GrantView; own: GrantsListProps['own'] }) {
  return (
    <>
      {own !== 'client' && (
        <>
          For <VisibleText text={client.name} />
          {tenant !== undefined && `, working for ${tenant}`}
          {own === 'server' ? '; ' : ' '}
        </>
      )}
      {own === 'client' && tenant !== undefined && `Working for ${tenant}; `}
      {own !== 'server' && (
        <>
          {own === 'client' && tenant === undefined ? 'At' : 'at'} <VisibleText text={server} />;{' '}
        </>
      )}
    </>
  )
}

function Ends({ grant: { expires_at, duration, state } }: { grant: GrantView }) {
  if (state !== 'active') return <>{grantStates[state].means}</>
  if (expires_at === null) return <>until the tool or the policy changes</>
  return (
    <>
      {duration === 'session' ? 'for its session, at most until ' : 'until '}
      <Time at={expires_at} />
    </>
  )
}

function notUsedWords(most: number | null): string {
  return most === null || most === 1 ? 'not used yet' : `for ${most} calls, not used yet`
}

function usedWords({ used, max_uses: most }: GrantView): string {
  if (most !== null && most > 1) return `used ${used} of ${most} times, last `
  return used === 1 ? 'used once, ' : `used ${used} times, last `
}

function Actions({ grant: { id, says, duration } }: { grant: GrantView }) {
  const [busy, setBusy] = useState(false)
  const [failed, setFailed] = useState<string | null>(null)
  const revoke = () => {
    setBusy(true)
    setFailed(null)
    call('grants.revoke', { id })
      .catch((error: unknown) => setFailed(failureText(asFailure(error))))
      .finally(() => setBusy(false))
  }
  return (
    <div className="flex flex-col items-end gap-1">
      <span className="flex gap-2">
        {duration === 'hours' && (
          <OpenApprovalsButton
            at={`/grants/${id}`}
            size="small"
            look="ghost"
            icon={<CalendarPlus size={14} aria-hidden="true" />}
          >
            Extend
          </OpenApprovalsButton>
        )}
        <Button size="small" loading={busy} onClick={revoke} aria-label={`Revoke: ${says}`}>
          Revoke
        </Button>
      </span>
      {failed !== null && (
        <p role="alert" className="text-denied-text">
          {failed}
        </p>
      )}
    </div>
  )
}
