import type { PolicyView } from '../../../shared/policy-view.ts'
import { CopyButton, CopyText } from '../../ui/copy-text.tsx'
import { Time } from '../../ui/time.tsx'
import { useCall } from '../../use-call.ts'

/** Which policy decides now, since when, and where its files are. */
export function PolicyHeader({ policy: { snapshot, since } }: { policy: PolicyView }) {
  const { value: status } = useCall('status', {}, ['status'])
  const separator = status?.profile.includes('\\') ? '\\' : '/'
  const folder = status ? `${status.profile}${separator}policy` : null
  return (
    <header>
      <h1 className="text-title">Policies</h1>
      <p className="flex flex-wrap items-center gap-x-1.5 text-muted">
        {snapshot === null ? (
          'No policy is in force, so every call is denied.'
        ) : (
          <>
            Snapshot <CopyText text={snapshot} />
            {since && (
              <span>
                in force since <Time at={since} />
              </span>
            )}
          </>
        )}
      </p>
      <p className="flex flex-wrap items-center gap-x-1.5 text-muted">
        Edit the files here or in any editor; saving is enough.
        {folder && (
          <span className="inline-flex items-center gap-0.5">
            <code>{folder}</code>
            <CopyButton text={folder} label="Copy the folder" />
          </span>
        )}
      </p>
    </header>
  )
}
