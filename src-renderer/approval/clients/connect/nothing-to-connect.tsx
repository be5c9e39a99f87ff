import type { ReactNode } from 'react'
import type { FoundClient } from '../../../../shared/client-config.ts'
import { shortPath } from '../../../say/short-path.ts'
import { Button } from '../../../ui/button.tsx'
import { VisibleText } from '../../../ui/visible-text.tsx'
import { Column } from '../../column.tsx'
import { nameIn } from './client-names.ts'
import { LeftAlone } from './left-alone.tsx'
import { Problems } from './problems.tsx'

type NothingProps = {
  client: string | null
  found: readonly FoundClient[] | undefined
  problems: readonly string[]
  home: string | null
  onAgain: () => void
  go: (to: string) => void
  /** What could be done besides. */
  children: ReactNode
}

/** Why connecting would change nothing: all goes through Toolgate already, cannot, or is not there. */
export function NothingToConnect({ client, found, problems, home, onAgain, go, children }: NothingProps) {
  const about = found?.filter(({ id }) => client === null || id === client) ?? []
  const files = about.flatMap((it) => it.files)
  const left = files.filter(({ entries }) => entries.some(({ guard }) => guard === 'left'))
  return (
    <Column title="There is nothing to connect" lead={found && leadOf(about, files.length > 0, client, nameIn(found))}>
      <Problems problems={problems} />
      {left.map(({ path, entries }) => (
        <div key={path} className="flex flex-col gap-1">
          <code>
            <VisibleText text={shortPath(path, home)} />
          </code>
          <LeftAlone entries={entries} />
        </div>
      ))}
      {children}
      <div className="flex flex-wrap gap-2">
        <Button onClick={onAgain}>Look again</Button>
        <Button onClick={() => go('/clients/new')}>Connect by hand</Button>
      </div>
    </Column>
  )
}

function leadOf(about: FoundClient[], files: boolean, client: string | null, nameOf: (id: string) => string): string {
  if (about.length === 0) {
    return client === null ? 'No client was found on this machine.' : `${nameOf(client)} was not found on this machine.`
  }
  if (!files) return 'No configuration with servers was found yet.'
  return 'Every server that can go through Toolgate does.'
}
