import type { Proofs } from '../approvals/proof.ts'
import type { CoreHandlers } from '../control/handlers.ts'
import type { RecordEvent } from './servers.ts'

type ProofHandlers = Pick<CoreHandlers, 'approvals.proof' | 'approvals.shown'>

/** What answers prove, as the doors read it. That content was read is on record before it is handed out. */
export function proofHandlers(proofs: Proofs, record: RecordEvent): ProofHandlers {
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
  }
}
