import { readFileSync } from 'node:fs'
import type { ApprovalView } from '../../../shared/approval.ts'
import { approvalSentence } from '../../../shared/approval-text.ts'
import { peopleSentence } from '../../../shared/people-words.ts'
import { printable } from '../../../shared/printable.ts'
import { approvalLines } from '../approval-text.ts'
import type { Cli } from '../cli.ts'
import { declined, usageError } from '../cli-error.ts'
import { columns, distance } from '../format.ts'
import { oneWaiting } from '../one-waiting.ts'
import { withPerson } from '../prove-presence.ts'

/** `toolgate approvals list`: oldest first. */
export async function listApprovals(cli: Cli): Promise<undefined> {
  const waiting = await cli.withGateway((client) => client.call('approvals.list', {}))
  const now = Date.now()
  cli.result(waiting, () =>
    waiting.length === 0
      ? ['nothing waits for you']
      : columns(
          waiting.map((view) => [
            view.id,
            `level ${view.level}`,
            `${distance(now, Date.parse(view.expires_at))} left`,
            approvalSentence(view),
          ]),
        ),
  )
}

/** `toolgate approvals show`. */
export async function showApproval(cli: Cli, id: string): Promise<undefined> {
  const view = requestNamed(await cli.withGateway((client) => client.call('approvals.list', {})), id)
  cli.result(view, () => approvalLines(view, Date.now()))
}

/** Options of `toolgate approvals approve|deny`. */
export type AnswerOptions = { reason: string; yes?: boolean; as?: string; arguments?: string }

/** `toolgate approvals approve|deny`: shows the request in full, asks, and answers exactly what was shown. */
export async function answerApproval(
  cli: Cli,
  id: string,
  answer: 'approve' | 'deny',
  { reason, yes, as, arguments: file }: AnswerOptions,
): Promise<undefined> {
  const edited = file === undefined ? {} : { edited: readEdited(file) }
  const view = await withPerson(
    cli,
    async (client) => {
      const request = requestNamed(await client.call('approvals.list', {}), id)
      if (!cli.json || !yes) for (const line of approvalLines(request, Date.now())) cli.say(line)
      const changed = 'edited' in edited && edited.edited !== undefined
      if (changed) cli.say(`  instead    ${printable(edited.edited)}`)
      const once = changed ? 'Allow this call once, with these arguments?' : 'Allow this call once?'
      const question = answer === 'approve' ? once : 'Deny this call?'
      if (!yes && !(await cli.terminal.confirm(question))) {
        throw declined(answer === 'approve' ? 'nothing was approved' : 'nothing was denied', 'the call still waits')
      }
      return client.call('approvals.answer', {
        id: request.id,
        answer,
        shown_hash: request.shown_hash,
        reason,
        ...edited,
      })
    },
    { as, first: async (client) => requestNamed(await client.call('approvals.list', {}), id) },
  )
  const became = view.state === 'pending' && view.people ? peopleSentence(view.people) : view.state
  cli.result(view, () => [`${printable(became)}: ${approvalSentence(view)}`])
}

/** The text of a file with arguments. Throws a usage error when it cannot be read. */
function readEdited(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    throw usageError(
      `\`${printable(file)}\` cannot be read: ${(error as Error).message}`,
      'name a file with one JSON object',
    )
  }
}

/** The request with this id; throws NOT_FOUND. */
function requestNamed(waiting: readonly ApprovalView[], id: string): ApprovalView {
  return oneWaiting(waiting, id, { what: 'request', list: 'toolgate approvals list' })
}
