import { CallError } from '../../../shared/call-errors.ts'
import type { Proofs } from '../approvals/proof.ts'
import { saltBytes } from '../audit/commitment.ts'
import type { AuditLog } from '../audit/log.ts'
import type { Contents } from '../content/contents.ts'
import type { CoreHandlers } from '../control/handlers.ts'
import type { RecordEvent } from './servers.ts'

type ProofHandlers = Pick<CoreHandlers, 'approvals.proof' | 'approvals.shown' | 'activity.arguments'>

type Deps = {
  proofs: Proofs
  contents: Pick<Contents, 'get'>
  audit: Pick<AuditLog, 'callRecords'>
  record: RecordEvent
}

/** What answers prove, and arguments that are kept, as the doors read them. That content was read is on record before it is handed out. */
export function proofHandlers({ proofs, contents, audit, record }: Deps): ProofHandlers {
  return {
    'approvals.proof': ({ approval_id }, door) => {
      const proof = proofs.proofOf(approval_id)
      if (proof.preview !== null) record('content.read', { approval_id, door: door.name, masked: true, why: '' })
      return proof
    },

    'approvals.shown': ({ approval_id, why }, door) => {
      const shown = proofs.shownOf(approval_id)
      record('content.read', { approval_id, door: door.name, masked: false, why })
      return shown
    },

    'activity.arguments': ({ call_id, why }, door) => {
      const hash = audit
        .callRecords(call_id)
        .flatMap((entry) => (entry.kind === 'call' ? (entry.arguments_hash ?? []) : []))[0]
      const kept = hash === undefined ? null : contents.get(hash)
      if (hash === undefined || kept === null || !('bytes' in kept)) {
        throw new CallError('NOT_FOUND', `the arguments of \`${call_id}\` are not kept, or not any more`)
      }
      record('content.read', { call_id, door: door.name, masked: false, why })
      return { call_id, arguments_hash: hash, params: kept.bytes.subarray(saltBytes).toString() }
    },
  }
}
