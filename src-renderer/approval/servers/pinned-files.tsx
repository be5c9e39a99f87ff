import type { ServerReview } from '../../../shared/server.ts'
import { CopyText } from '../../ui/copy-text.tsx'
import { Hint } from '../../ui/hint.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'
import { Warnings } from './warnings.tsx'

/** The files and the package that an approval pins, and what of them is not as it was approved. */
export function PinnedFiles({ review: { identity, runs } }: { review: ServerReview }) {
  const { files, package: run, unpinned } = identity
  return (
    <section aria-label="What it consists of" className="flex flex-col gap-2">
      <h3>What it consists of</h3>
      <Warnings warnings={runs} />
      <ul className="flex flex-col gap-1">
        {files.map(({ role, path, sha256 }) => (
          <li key={path} className="[overflow-wrap:anywhere]">
            {role}{' '}
            <code>
              <VisibleText text={path} />
            </code>{' '}
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
    </section>
  )
}
