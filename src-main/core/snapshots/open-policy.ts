import { createHash } from 'node:crypto'
import { createPolicyChanges, type PolicyChanges } from './change-policy.ts'
import { createSnapshots, type Snapshots, type SnapshotsOptions } from './snapshots.ts'

/** What keeping policy and changing it work with; `path`: PATH in which git is found. */
export type PolicyOptions = Omit<SnapshotsOptions, 'sha256' | 'onInForce'> & {
  path: string
  record: (event: string, detail: Record<string, unknown>) => void
}

/** Starts keeping policy; see `createSnapshots` and `createPolicyChanges`. */
export function openPolicy(options: PolicyOptions): { snapshots: Snapshots; changes: PolicyChanges } {
  const changes = createPolicyChanges({ ...options, snapshots: () => snapshots })
  const snapshots = createSnapshots({
    ...options,
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
    onInForce: (id, { files }) => void changes.noteCommit(id, files),
  })
  return { snapshots, changes }
}
