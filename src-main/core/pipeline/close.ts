import { hash } from 'node:crypto'
import type { Outcome } from '../../../shared/audit.ts'
import type { Deps, Reply, ScreenedCall } from './call.ts'
import { Refused } from './refused.ts'

/** Stage 11: commits how the call ended, then lets the reply go, for a read once its decision would survive a power cut. */
export async function close(call: ScreenedCall, deps: Deps): Promise<Reply> {
  await call.trail.closed(call, outcomeOf(call), hash('sha256', call.line))
  deps.continuations.note(call)
  await deps.probe('closed')
  try {
    await call.durable
  } catch {
    throw new Refused('AUDIT_UNWRITABLE', 'withheld', [
      'The tool ran, but its record is not safely on disk, so the result is not delivered.',
    ])
  }
  return { line: call.line, callId: call.id, refused: null }
}

function outcomeOf(call: ScreenedCall): Outcome {
  const { json } = call.answer
  const result = json.result as { isError?: unknown } | undefined
  if ('error' in json || result?.isError === true) return 'tool_error'
  return call.decision.effect === 'ALLOW_WITH_CONSTRAINTS' ? 'executed_with_constraints' : 'executed'
}
