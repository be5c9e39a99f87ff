import { useState } from 'react'
import type { ChangedFile, FoundClient } from '../../../../shared/client-config.ts'
import { shortPath } from '../../../say/short-path.ts'
import { Button } from '../../../ui/button.tsx'
import { ClientMark } from '../../../ui/client-mark.tsx'
import { ErrorState, Skeleton } from '../../../ui/states.tsx'
import { VisibleText } from '../../../ui/visible-text.tsx'
import { useCall } from '../../../use-call.ts'
import { Column } from '../../column.tsx'
import { FailureNote } from '../../failure-note.tsx'
import { Notice } from '../../notice.tsx'
import { useDeed } from '../../use-deed.ts'
import { ChangedFiles } from './changed-files.tsx'
import { nameIn } from './client-names.ts'
import { DeedBar } from './deed-bar.tsx'

type UndoPageProps = { client: string | null; home: string | null; go: (to: string) => void }

/** Which files of one client, or of all, would be taken back to what they were before they were connected. */
export function UndoPage({ client, home, go }: UndoPageProps) {
  const { value: found, error, refresh } = useCall('configs.find', {}, ['clients', 'servers'])
  const { run, busy, failure } = useDeed('configs.undo')
  const [done, setDone] = useState<ChangedFile[] | null>(null)
  const nameOf = nameIn(found)
  const title = client === null ? 'Undo connecting' : `Undo connecting ${nameOf(client)}`
  if (done) return <Undone files={done} nameOf={nameOf} home={home} go={go} onAgain={() => setDone(null)} />
  if (!found) {
    return (
      <Column title={title}>
        {error ? (
          <ErrorState
            compact
            title="The clients cannot be looked for"
            why={error.message}
            hint={error.hint}
            action={<Button onClick={refresh}>Look again</Button>}
          />
        ) : (
          <Skeleton className="h-24 w-full" />
        )}
      </Column>
    )
  }
  const connected = found.filter((it) => (client === null || it.id === client) && changedIn(it).length > 0)
  if (connected.length === 0) {
    return (
      <Column title="There is nothing to take back" lead="Toolgate changed no file of it, or took all of them back.">
        <div>
          <Button onClick={() => go('/clients')}>See all clients</Button>
        </div>
      </Column>
    )
  }
  const undo = () => void run({ clients: connected.map(({ id }) => id) }).then((files) => files && setDone(files))
  return (
    <Column title={title} lead={lead}>
      <Files connected={connected} home={home} />
      <Notice tone="asked">
        Their servers, or own tools, then run past Toolgate again: nothing that they do is decided or recorded. The
        values that it keeps for them go back into these files.
      </Notice>
      <FailureNote title="Nothing was taken back" failure={failure} />
      <DeedBar note="The servers stay registered.">
        <Button look="danger" size="large" loading={busy} onClick={undo}>
          Take {connected.length === 1 ? 'it' : 'them'} back
        </Button>
      </DeedBar>
    </Column>
  )
}

/** The files of a client that Toolgate changed. */
function changedIn({ files, hooks }: FoundClient): string[] {
  return [...files, ...(hooks ? [hooks] : [])].filter((file) => file.connected).map(({ path }) => path)
}

const lead =
  'A file that nobody changed since becomes what it was, byte for byte. In one that was changed since, only what Toolgate wrote is taken back; the rest stays.'

function Files({ connected, home }: { connected: readonly FoundClient[]; home: string | null }) {
  return (
    <ul className="divide-y divide-line rounded-md border border-line">
      {connected.map((client) => (
        <li key={client.id} className="flex gap-3 px-3 py-2">
          <ClientMark name={client.name} claimed={false} size={20} />
          <div className="min-w-0">
            <b>{client.name}</b>
            {changedIn(client).map((path) => (
              <p key={path}>
                <code>
                  <VisibleText text={shortPath(path, home)} />
                </code>
              </p>
            ))}
          </div>
        </li>
      ))}
    </ul>
  )
}

type UndoneProps = {
  files: readonly ChangedFile[]
  nameOf: (id: string) => string
  home: string | null
  onAgain: () => void
  go: (to: string) => void
}

function Undone({ files, nameOf, home, onAgain, go }: UndoneProps) {
  const failed = files.some(({ done }) => !done)
  const title = failed || files.length === 0 ? 'Not all was taken back' : 'Taken back'
  return (
    <Column title={title}>
      <p role="status" className="sr-only">
        {title}
      </p>
      <ChangedFiles files={files} nameOf={nameOf} home={home} words={howBack} />
      {files.length === 0 && <p className="text-muted">Toolgate had changed none of these files any more.</p>}
      <div className="flex gap-2">
        {failed && <Button onClick={onAgain}>Look again</Button>}
        <Button onClick={() => go('/clients')}>See all clients</Button>
      </div>
    </Column>
  )
}

function howBack({ exact }: ChangedFile): string {
  return exact
    ? 'It is what it was, byte for byte.'
    : 'It was changed since: what Toolgate wrote is taken back, and the rest stayed.'
}
