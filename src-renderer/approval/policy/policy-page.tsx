import { useState } from 'react'
import type { Output } from '../../../shared/calls.ts'
import { Button } from '../../ui/button.tsx'
import { CopyText } from '../../ui/copy-text.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Hint } from '../../ui/hint.tsx'
import { ErrorState, Skeleton } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { useCall } from '../../use-call.ts'
import { Column } from '../column.tsx'
import { FailureNote } from '../failure-note.tsx'
import { Notice } from '../notice.tsx'
import { useDeed } from '../use-deed.ts'
import { policyChanges } from './policy-changes.ts'

/** A looser policy waits until a person puts it into force: what it would change. */
export function PolicyPage() {
  const { value: policy, error, refresh } = useCall('policy.show', {}, ['policy'])
  const [confirmed, setConfirmed] = useState<string | null>(null)
  if (!policy) {
    return (
      <Column title="Policy">
        {error ? (
          <ErrorState
            compact
            title="The policy cannot be told"
            why={error.message}
            hint={error.hint}
            action={<Button onClick={refresh}>Try again</Button>}
          />
        ) : (
          <Skeleton className="h-24 w-full" />
        )}
      </Column>
    )
  }
  if (policy.waiting) {
    return <Waiting key={policy.waiting.hash} policy={policy} waiting={policy.waiting} onDone={setConfirmed} />
  }
  return (
    <Column
      title={confirmed === policy.snapshot ? 'The new policy is in force' : 'No policy change waits'}
      lead="A rule file that makes anything stricter counts at once. One that allows more waits here for you."
    >
      <InForce policy={policy} />
    </Column>
  )
}

function InForce({ policy: { snapshot, since, rules, problems } }: { policy: Output<'policy.show'> }) {
  return (
    <>
      {snapshot === null && <Notice tone="denied">No policy is in force, so nothing is allowed.</Notice>}
      {problems.length > 0 && (
        <Notice tone="asked">
          {problems.length === 1 ? 'One mistake' : `${problems.length} mistakes`} in the rule files: what was in force
          stays in force. See <code>toolgate policy show</code>.
        </Notice>
      )}
      {snapshot !== null && (
        <Facts
          facts={[
            ['In force', <CopyText key="hash" text={snapshot} />],
            ['Since', since === null ? 'not known' : <Time key="since" at={since} />],
            ['Rules', rules.length],
          ]}
        />
      )}
    </>
  )
}

type WaitingProps = {
  policy: Output<'policy.show'>
  waiting: { hash: string; changes: string[] }
  onDone: (snapshot: string | null) => void
}

function Waiting({ policy, waiting, onDone }: WaitingProps) {
  const { run, busy, failure } = useDeed('policy.confirm')
  const { loosens, tightens } = policyChanges(waiting.changes)
  const confirm = () => void run({ hash: waiting.hash }).then((now) => now && onDone(now.snapshot))
  return (
    <Column
      title="A looser policy waits for you"
      lead="A rule file changed so that more would be allowed. If that was not you, change the file back instead."
    >
      {loosens.length > 0 && (
        <Changes title="Loosens" sentences={loosens} look="border-asked-line bg-asked-fill" head="text-asked-text" />
      )}
      {tightens.length > 0 && (
        <Changes title="Tightens" sentences={tightens} look="border-line bg-sunken" head="text-muted" />
      )}
      <Facts
        facts={[
          ['Would be', <CopyText key="new" text={waiting.hash} />],
          ['In force', policy.snapshot === null ? 'none' : <CopyText key="old" text={policy.snapshot} />],
        ]}
      />
      <FailureNote title="Not put into force" failure={failure} />
      <div className="flex items-center gap-3">
        <Button look="primary" size="large" loading={busy} onClick={confirm}>
          Put into force
        </Button>
        <span className="text-muted">Until then the policy of before decides.</span>
      </div>
    </Column>
  )
}

type ChangesProps = { title: string; sentences: readonly string[]; look: string; head: string }

function Changes({ title, sentences, look, head }: ChangesProps) {
  return (
    <section aria-label={title} className={`rounded-md border px-3 py-2 ${look}`}>
      <h3 className={head}>{title}</h3>
      <ul className="list-disc pl-4">
        {sentences.map((sentence) => (
          <li key={sentence}>
            <Hint text={sentence} />
          </li>
        ))}
      </ul>
    </section>
  )
}
