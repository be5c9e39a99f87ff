import type { ApprovalView } from '../../../shared/approval.ts'
import { CallError } from '../../../shared/call-errors.ts'
import type { Input } from '../../../shared/calls.ts'
import type { CoreHandlers, Door } from '../control/handlers.ts'

/** From this level on each request is approved by itself: its person proves anew who they are for it. */
const aloneLevel = 4

/**
 * `approvals.answer_many`: one answer to several requests of one group. All of them are checked before the first is answered,
 * so that either none is or all are; each goes through `approvals.answer` and is recorded by itself.
 */
export function answerManyHandler(
  list: () => readonly ApprovalView[],
  answer: CoreHandlers['approvals.answer'],
): CoreHandlers['approvals.answer_many'] {
  return async (input, door) => {
    const requests = input.requests.map((asked) => ({ ...asked, view: found(list(), asked.id) }))
    checkAlike(requests.map(({ view }) => view))
    for (const { view, ...asked } of requests) checkShown(input.answer, view, asked, door)
    const answered: ApprovalView[] = []
    for (const { id, shown_hash, ticket } of requests) {
      const proof = input.answer === 'deny' ? ticketToDeny({ id, shown_hash }, door) : ticket
      const one = { id, answer: input.answer, shown_hash, reason: input.reason }
      answered.push(await answer({ ...one, ...(proof === undefined ? {} : { ticket: proof }) }, door))
    }
    return answered
  }
}

function found(waiting: readonly ApprovalView[], id: string): ApprovalView {
  const view = waiting.find((candidate) => candidate.id === id)
  if (!view) throw new CallError('NOT_FOUND', `no request \`${id}\` is waiting; none was answered`)
  return view
}

function checkAlike(views: readonly ApprovalView[]): void {
  if (new Set(views.map(({ id }) => id)).size < views.length) {
    throw new CallError('BAD_INPUT', 'a request is named twice; none was answered')
  }
  if (new Set(views.map(({ group }) => group)).size > 1) {
    throw new CallError('BAD_INPUT', 'these requests are not of one group; none was answered')
  }
}

/** A yes needs what was shown of each; a no lets nothing run, and is good for whatever the request has become. */
function checkShown(
  answer: 'approve' | 'deny',
  view: ApprovalView,
  { shown_hash, ticket }: Input<'approvals.answer_many'>['requests'][number],
  door: Door,
): void {
  if (answer === 'deny') return
  if (view.level >= aloneLevel) {
    throw new CallError('LEVEL_TOO_HIGH', `from level ${aloneLevel} on each request is approved by itself`)
  }
  if (shown_hash !== view.shown_hash) throw new CallError('CONFLICT', `\`${view.id}\` changed; none was answered`)
  if (door.name === 'approval') door.answering.check(ticket, { id: view.id, shownHash: shown_hash }, true)
}

function ticketToDeny({ id, shown_hash }: { id: string; shown_hash: string }, door: Door): string | undefined {
  return door.name === 'approval' ? door.answering.issue({ id, shownHash: shown_hash }).ticket : undefined
}
