import { approvalSentence } from '../../../shared/approval-text.ts'
import { printable } from '../../../shared/printable.ts'
import { clientDoor } from '../approvals/take-answer.ts'
import { alsoSent } from '../envelope/also-sent.ts'
import type { DecidedCall, Deps } from './call.ts'

/** Characters of arguments that a client is given to show: more would not be seen whole, and what is not seen is not approved. */
const mostShown = 2_000

/**
 * What the client of a call may ask its person itself: all of the call, as text that nothing can hide in. Null where its word does not count: for
 * anything but a read at level 1, where policy does not say so, where it cannot ask, and where it is too long.
 */
export function questionInClient(
  { request, envelope, decision }: DecidedCall,
  deps: Pick<Deps, 'whoMay'>,
): string | null {
  const reads = request.kind === 'tool' && envelope.tool.action === 'read' && decision.approval_level === 1
  if (!reads || !request.askPerson || deps.whoMay.needsAt(1)?.inClient !== true) return null
  const { client, serverName: server, kind, toolName: tool, argumentsText, params } = request
  const named = [...envelope.resource.paths, ...envelope.resource.uris].map((place) => `touches ${printable(place)}`)
  const shown = [argumentsText, alsoSent(params)].filter((text) => text !== '').map(printable)
  if ([...shown, ...named].join('').length > mostShown) return null
  const asks = approvalSentence({ client, server, kind, tool, action: envelope.tool.action })
  return [asks, ...shown, ...named, printable(decision.reason)].join('\n')
}

/**
 * Has the client ask its person itself, beside all other doors, where policy lets that count (contracts.md, doors). All there is of the answer is the
 * client's word, so it counts for nothing else, and takes no proof of presence. Gives what ends the question.
 */
export function askInClient(call: DecidedCall, approvalId: string, deps: Deps): () => void {
  const { askPerson, signal } = call.request
  const question = questionInClient(call, deps)
  if (!askPerson || question === null || signal.aborted) return () => {}
  const view = deps.approvals.list().find(({ id }) => id === approvalId)
  if (!view) return () => {}
  const over = new AbortController()
  const take = (answer: 'approve' | 'deny' | null) => {
    if (answer === null || over.signal.aborted) return
    const { id: person, name: by } = deps.whoMay.personAt(view.client)
    const said = { hash: view.shown_hash, reason: '', person, by, door: clientDoor, pid: view.client.pid }
    deps.approvals.answer(view.id, answer, said)
  }
  void askPerson(question, over.signal)
    .then(take)
    .catch((error: Error) => deps.log.info('a client did not answer for its person', { why: error.message }))
  return () => over.abort()
}
