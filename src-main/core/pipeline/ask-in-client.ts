import type { ApprovalView } from '../../../shared/approval.ts'
import { approvalSentence } from '../../../shared/approval-text.ts'
import { printable } from '../../../shared/printable.ts'
import type { DecidedCall, Deps } from './call.ts'

/** Characters of arguments that a client is given to show: more would not be seen whole, and what is not seen is not approved. */
const mostShown = 2_000

/** Whether the word of a client counts for its person: at level 1, for a read, where policy says so and it can ask. */
export function countsInClient(
  { request, envelope, decision }: DecidedCall,
  { whoMay }: Pick<Deps, 'whoMay'>,
): boolean {
  const asks = request.askPerson !== undefined && request.kind === 'tool' && envelope.tool.action === 'read'
  return asks && decision.approval_level === 1 && whoMay.needsAt(1)?.inClient === true
}

/**
 * Has the client ask its person itself, beside all other doors, where policy lets that count: for a read at level 1 (contracts.md, doors). All there is
 * of the answer is the client's word, so it counts for nothing else, and takes no proof of presence. Gives what ends the question.
 */
export function askInClient(call: DecidedCall, approvalId: string, deps: Deps): () => void {
  const { askPerson } = call.request
  const view = deps.approvals.list().find(({ id }) => id === approvalId)
  if (!view || !askPerson || !countsInClient(call, deps)) return () => {}
  const question = wholeQuestion(view)
  if (question === null) return () => {}
  const over = new AbortController()
  void askPerson(question, over.signal)
    .then((answer) => answer && take(view, answer, deps))
    .catch((error: Error) => deps.log.info('a client did not answer for its person', { why: error.message }))
  return () => over.abort()
}

/** Answers the request as it was shown; throws when that is not what is asked any more, or not by this person. */
function take(view: ApprovalView, answer: 'approve' | 'deny', { approvals, whoMay }: Deps): void {
  const { id: person, name: by } = whoMay.personAt(view.client)
  const pid = view.client.pid
  approvals.answer(view.id, answer, { hash: view.shown_hash, reason: '', person, by, door: 'client', pid })
}

/** All that is asked, as text that nothing can hide in; null when it is too long. */
function wholeQuestion(view: ApprovalView): string | null {
  const { arguments: args, also_sent, why, resources } = view
  const shown = [args, also_sent].filter((text) => text !== '').map(printable)
  if (shown.join('').length > mostShown || resources.join('').length > mostShown) return null
  const touches = resources.map((resource) => `touches ${printable(resource)}`)
  return [approvalSentence(view), ...shown, ...touches, printable(why)].join('\n')
}
