import { useState } from 'react'
import type { ChangedFile } from '../../../../shared/client-config.ts'
import { Button } from '../../../ui/button.tsx'
import { ErrorState, Skeleton } from '../../../ui/states.tsx'
import { useCall } from '../../../use-call.ts'
import { Column } from '../../column.tsx'
import { FailureNote } from '../../failure-note.tsx'
import { useDeed } from '../../use-deed.ts'
import { nameIn } from './client-names.ts'
import { ConnectResult } from './connect-result.tsx'
import { DeedBar } from './deed-bar.tsx'
import { HooksChoice } from './hooks-choice.tsx'
import { NothingToConnect } from './nothing-to-connect.tsx'
import { PlannedClient } from './planned-client.tsx'
import { Problems } from './problems.tsx'
import { useConnectPlan } from './use-connect-plan.ts'

type ConnectPageProps = { client: string | null; home: string | null; go: (to: string) => void }
type Done = { files: ChangedFile[]; waiting: string[]; hooks: string[] }

/** What connecting one client, or all on this machine, would change, to be looked at and then done exactly so. */
export function ConnectPage({ client, home, go }: ConnectPageProps) {
  const { value: found } = useCall('configs.find', {}, ['clients', 'servers'])
  const { offered, chosen, plan, ...planning } = useConnectPlan(client)
  const deed = useDeed('configs.connect')
  const [done, setDone] = useState<Done | null>(null)
  const nameOf = nameIn(found)
  const lookAgain = () => {
    setDone(null)
    deed.forget()
    planning.again()
  }
  const title = client === null ? 'Connect clients' : `Connect ${nameOf(client)}`
  const about = found?.filter(({ id }) => client === null || id === client) ?? []
  const hooks = <HooksChoice clients={about} on={planning.hooks} onChange={planning.withHooks} />
  if (done) return <ConnectResult {...done} nameOf={nameOf} home={home} onAgain={lookAgain} go={go} />
  if (planning.failure) {
    return (
      <Column title={title}>
        <ErrorState
          compact
          title="It cannot be told what would change"
          why={planning.failure.message}
          hint={planning.failure.hint}
          action={<Button onClick={lookAgain}>Look again</Button>}
        />
      </Column>
    )
  }
  if (offered === null) return <Looking title={title} />
  if (offered.length === 0) {
    const nothing = { client, found, home, go, problems: plan?.problems ?? [], onAgain: lookAgain }
    return <NothingToConnect {...nothing}>{hooks}</NothingToConnect>
  }
  const connect = () => {
    if (!plan) return
    void deed.run({ plan: plan.plan }).then((files) => {
      if (!files) return
      const changed = new Set(files.filter((file) => file.done).map(({ path }) => path))
      const made = plan.files.filter(({ path }) => changed.has(path)).flatMap(({ registers }) => registers)
      const hooks = plan.files.filter(({ entries }) => entries.length === 0).map(({ path }) => path)
      setDone({ files, waiting: [...new Set(made)], hooks })
    })
  }
  const pick = (id: string, on: boolean) => offered.filter((it) => (it === id ? on : chosen.includes(it)))
  return (
    <Column wide title={title} lead={lead}>
      {offered.map((id) => (
        <PlannedClient
          key={id}
          name={nameOf(id)}
          files={plan?.files.filter((file) => file.client === id) ?? []}
          chosen={chosen.includes(id)}
          loading={planning.busy}
          home={home}
          onChosen={offered.length > 1 && ((on) => planning.choose(pick(id, on)))}
        />
      ))}
      {hooks}
      <Problems problems={plan?.problems ?? []} />
      <FailureNote
        title="Nothing was changed"
        failure={deed.failure}
        action={<Button onClick={lookAgain}>Look again</Button>}
      />
      <DeedBar note="Undo gives back the same bytes.">
        <Button
          look="primary"
          size="large"
          loading={deed.busy || (planning.busy && chosen.length > 0)}
          disabled={chosen.length === 0}
          onClick={connect}
        >
          {chosen.length === 1 ? `Connect ${nameOf(chosen[0] ?? '')}` : `Connect ${chosen.length} clients`}
        </Button>
      </DeedBar>
    </Column>
  )
}

const lead =
  'Each server then starts through Toolgate; nothing else in these files changes. Values of environments and headers move into the vault: they are shown as •••.'

function Looking({ title }: { title: string }) {
  return (
    <Column title={title}>
      <Skeleton className="h-7 w-60" />
      <Skeleton className="h-40 w-full" />
    </Column>
  )
}
