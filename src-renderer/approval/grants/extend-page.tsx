import { useState } from 'react'
import type { GrantView } from '../../../shared/approval.ts'
import { Button } from '../../ui/button.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Field, Select } from '../../ui/field.tsx'
import { Skeleton } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'
import { useCall } from '../../use-call.ts'
import { Column } from '../column.tsx'
import { FailureNote } from '../failure-note.tsx'
import { Notice } from '../notice.tsx'
import { useDeed } from '../use-deed.ts'

/** Making one grant count for longer, from now. */
export function ExtendPage({ id, go }: { id: string; go: (to: string) => void }) {
  const { value: grants } = useCall('grants.list', {}, ['approvals'])
  const [done, setDone] = useState<GrantView | null>(null)
  const grant = done ?? grants?.find((it) => it.id === id)
  const back = (
    <div>
      <Button onClick={() => go('/')}>See what waits</Button>
    </div>
  )
  if (!grant) {
    if (!grants) {
      return (
        <Column title="Extend a grant">
          <Skeleton className="h-24 w-full" />
        </Column>
      )
    }
    return (
      <Column
        title="This grant no longer counts"
        lead="It ended meanwhile. The next call asks you, and can be allowed for longer again."
      >
        {back}
      </Column>
    )
  }
  const { says, client, server, expires_at, used } = grant
  return (
    <Column title="Extend a grant" lead="Calls that it covers run without asking you, for as long as you say from now.">
      <Facts
        facts={[
          ['Allows', <VisibleText key="says" text={says} />],
          ['Client', <VisibleText key="client" text={client.name} />],
          ['Server', <VisibleText key="server" text={server} />],
          ['Counts until', expires_at === null ? 'the tool or the policy changes' : <Time key="end" at={expires_at} />],
          ['Used', used === 1 ? 'once' : `${used} times`],
        ]}
      />
      {done ? (
        <>
          <Notice tone="allowed">
            <p role="status">It counts for longer now.</p>
          </Notice>
          {back}
        </>
      ) : (
        <ExtendForm id={id} onDone={setDone} />
      )}
    </Column>
  )
}

function ExtendForm({ id, onDone }: { id: string; onDone: (grant: GrantView) => void }) {
  const { run, busy, failure } = useDeed('grants.extend')
  const [hours, setHours] = useState(8)
  const extend = () => void run({ id, hours }).then((given) => given && onDone(given))
  return (
    <>
      <Field label="For">
        <Select value={String(hours)} onChange={(event) => setHours(Number(event.target.value))}>
          {choices.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </Select>
      </Field>
      <FailureNote title="Not extended" failure={failure} />
      <div>
        <Button look="primary" size="large" loading={busy} onClick={extend}>
          Extend it
        </Button>
      </div>
    </>
  )
}

const choices = [
  [1, '1 hour'],
  [8, '8 hours'],
  [24, '1 day'],
  [168, '7 days'],
] as const
