import type { ReactNode } from 'react'
import type { StatusView } from '../../../shared/calls.ts'
import { CopyText } from '../../ui/copy-text.tsx'

/** Four figures that say how much is guarded. */
export function Figures({ status }: { status: StatusView }) {
  const { servers, policy, audit, approvals, sessions } = status
  const approved = servers.filter(({ state }) => state === 'approved')
  const tools = approved.reduce((sum, { tools }) => sum + tools, 0)
  return (
    <dl className="grid grid-cols-4 divide-x divide-line rounded-md border border-line bg-raised">
      <Figure name="Waiting for you" value={approvals} note={approvals === 0 ? 'no call is held' : 'held calls'} />
      <Figure
        name="Servers approved"
        value={`${approved.length} of ${servers.length}`}
        note={`${tools} tools, ${sessions} sessions`}
      />
      <Figure
        name="Rules in force"
        value={policy.rules}
        note={policy.snapshot === null ? 'no policy' : <CopyText text={policy.snapshot} />}
      />
      <Figure
        name="Records"
        value={audit.entries.toLocaleString('en')}
        note={audit.writable ? 'chained and signed' : 'not writable'}
      />
    </dl>
  )
}

function Figure({ name, value, note }: { name: string; value: ReactNode; note: ReactNode }) {
  return (
    <div className="flex flex-col px-4 py-3">
      <dt className="text-muted">{name}</dt>
      <dd className="mt-1 text-title font-strong">{value}</dd>
      <dd className="flex h-6 items-center text-faint">{note}</dd>
    </div>
  )
}
