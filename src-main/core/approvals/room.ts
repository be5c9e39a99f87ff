import type { ApprovalView } from '../../../shared/approval.ts'
import { ToolgateError } from '../../../shared/errors.ts'

/** Open requests: in all, of one client, and their size in bytes, since a list of them shows each in full. */
const maxPending = 100
const maxPerClient = 20
const maxShownBytes = 4 * 1024 * 1024

/**
 * The size of a new request in bytes, when there is room for it beside those that are open. Throws TOO_MANY_PENDING, or
 * MESSAGE_TOO_LARGE when it alone is too long to be shown.
 */
export function roomFor(
  question: Pick<ApprovalView, 'client'>,
  open: readonly { view: Pick<ApprovalView, 'client'>; size: number }[],
): number {
  const own = open.filter(({ view }) => roomOf(view.client) === roomOf(question.client))
  const size = Buffer.byteLength(JSON.stringify(question))
  if (size > maxShownBytes) throw new ToolgateError('MESSAGE_TOO_LARGE', 'a person could not see all of it')
  const shown = open.reduce((sum, request) => sum + request.size, size)
  if (open.length >= maxPending || own.length >= maxPerClient || shown > maxShownBytes) {
    throw new ToolgateError('TOO_MANY_PENDING')
  }
  return size
}

/** Whose room a request takes: a name that is only claimed is changed at will, so all who claim one share one. */
function roomOf({ id, identity }: ApprovalView['client']): string {
  return identity === 'verified' ? id : ''
}
