import type { Output } from '../../../shared/calls.ts'

/** What every view of policy begins with: the policy in force, and the files as they lie in their folders. */
export type PolicyViewProps = { policy: Output<'policy.show'>; files: Output<'policy.files'> }
