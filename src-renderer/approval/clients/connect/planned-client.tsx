import type { ConnectPlan } from '../../../../shared/client-config.ts'
import { printable } from '../../../../shared/printable.ts'
import { shortPath } from '../../../say/short-path.ts'
import { ClientMark } from '../../../ui/client-mark.tsx'
import { Skeleton } from '../../../ui/states.tsx'
import { Checkbox } from '../../../ui/toggle.tsx'
import { UnifiedDiff } from '../../../ui/unified-diff.tsx'
import { LeftAlone } from './left-alone.tsx'

type PlannedClientProps = {
  name: string
  files: ConnectPlan['files']
  chosen: boolean
  /** Another plan is on its way. */
  loading: boolean
  home: string | null
  /** False: there is nothing to choose. */
  onChosen: false | ((on: boolean) => void)
}

/** What connecting would change in the files of one client, and whether it is to be done. */
export function PlannedClient({ name, files, chosen, loading, home, onChosen }: PlannedClientProps) {
  return (
    <section aria-label={name} className="flex flex-col gap-3 rounded-md border border-line p-3">
      <div className="flex items-center gap-2">
        <ClientMark name={name} claimed={false} size={20} />
        <h3 className="min-w-0 flex-1">{name}</h3>
        {onChosen && (
          <Checkbox
            label="Connect it"
            aria-label={`Connect ${name}`}
            checked={chosen}
            onChange={(event) => onChosen(event.target.checked)}
          />
        )}
      </div>
      {!chosen ? (
        <p className="text-muted">It stays as it is.</p>
      ) : files.length === 0 ? (
        loading ? (
          <Skeleton className="h-24 w-full" />
        ) : (
          <p className="text-muted">Nothing is left to change in it.</p>
        )
      ) : (
        files.map(({ path, diff, entries }) => (
          <div key={path} className="flex flex-col gap-2">
            <UnifiedDiff label={printable(shortPath(path, home))} diff={diff} />
            <LeftAlone entries={entries} />
          </div>
        ))
      )}
    </section>
  )
}
