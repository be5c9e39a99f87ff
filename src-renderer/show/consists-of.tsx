import { clsx } from 'clsx'
import type { IdentityView } from '../../shared/server-identity.ts'
import { CopyText } from '../ui/copy-text.tsx'
import { Hint } from '../ui/hint.tsx'
import { VisibleText } from '../ui/visible-text.tsx'

/** The files and the package that a server is, each with its hash, and what of it is not pinned. `whole`: paths in full, as in a review. */
export function ConsistsOf({ identity, whole = false }: { identity: IdentityView; whole?: boolean }) {
  const { files, package: run, unpinned } = identity
  return (
    <ul className="flex flex-col gap-1">
      {files.map(({ role, path, sha256 }) => (
        <li key={path} className={clsx(whole && '[overflow-wrap:anywhere]')}>
          {role}{' '}
          {whole ? (
            <code>
              <VisibleText text={path} />
            </code>
          ) : (
            <VisibleText text={path.split(/[\\/]/).at(-1) ?? path} />
          )}{' '}
          <CopyText text={sha256} />
        </li>
      ))}
      {run && (
        <li>
          package <VisibleText text={`${run.name} ${run.version}`} />
        </li>
      )}
      {unpinned.map((words) => (
        <li key={words} className="text-muted">
          <Hint text={words} />
        </li>
      ))}
    </ul>
  )
}
