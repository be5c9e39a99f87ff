import type { ApprovalView } from '../../../shared/approval.ts'
import { approvalSentence } from '../../../shared/approval-text.ts'
import { printable } from '../../../shared/printable.ts'
import type { Place } from '../approvals/request.ts'
import { clientDoor } from '../approvals/take-answer.ts'
import { alsoSent } from '../envelope/also-sent.ts'
import type { Brought } from './asked-back.ts'
import type { DecidedCall, Deps } from './call.ts'
import { AskedInAnswer, Refused } from './refused.ts'

/** Characters of arguments that a client is given to show: more would not be seen whole, and what is not seen is not approved. */
const mostShown = 2_000

/** How often a client is given a question for one call, when what is asked has changed by the time that it comes back. */
const mostRounds = 3

/**
 * What the client of a call may ask its person itself: all of the call, as text that nothing can hide in. Null where its word does not count: for
 * anything but a read at level 1, where policy does not say so, where its person may not answer, where it cannot ask, and where it is too long.
 */
export function questionInClient(
  { request, envelope, decision }: DecidedCall,
  deps: Pick<Deps, 'whoMay'>,
): string | null {
  const { whoMay } = deps
  const reads = request.kind === 'tool' && envelope.tool.action === 'read' && decision.approval_level === 1
  if (!reads || !request.askPerson || whoMay.needsAt(1)?.inClient !== true) return null
  // Whose yes would be none is not asked: an auditor, or who is in no group that answers.
  const theirs = { person: whoMay.personAt(request.client).id, stands_for: null }
  if (!whoMay.enough(1, request.client, [theirs])) return null
  const { client, serverName: server, kind, toolName: tool, argumentsText, params } = request
  const named = [...envelope.resource.paths, ...envelope.resource.uris].map((place) => `touches ${printable(place)}`)
  const shown = [argumentsText, alsoSent(params)].filter((text) => text !== '').map(printable)
  if ([...shown, ...named].join('').length > mostShown) return null
  const asks = approvalSentence({ client, server, kind, tool, action: envelope.tool.action })
  return [asks, ...shown, ...named, printable(decision.reason)].join('\n')
}

/**
 * The door of a call that is its own client, which asks its person where policy lets that count (contracts.md, doors). All there is of the answer
 * is the client's word, so it counts for nothing else, and takes no proof of presence. Throws Refused for a call that brings a no.
 */
export function clientDoorOf({ request: { askPerson }, trail }: DecidedCall, deps: Deps) {
  const { approvals, askedBack, log } = deps
  // What is brought was said once, and is heard once.
  let brought = askPerson?.how === 'in_answer' ? askPerson.brought : null
  if (brought) mustNotBeOver(brought, deps)

  return {
    /** Whether anybody can be asked this way: a question that was closed without an answer is not asked again. */
    opens(call: DecidedCall): boolean {
      const question = questionInClient(call, deps)
      if (question === null || askPerson?.how !== 'in_answer' || !askPerson.brought) return question !== null
      return (
        brought !== null && brought.answer !== null && (brought.question === question || brought.rounds < mostRounds)
      )
    },

    /** Throws Refused, which has the client ask and come back, where it asks that way and did not yet. */
    askInAnswer(call: DecidedCall, place: Place): void {
      const question = questionInClient(call, deps)
      if (askPerson?.how !== 'in_answer' || question === null) return
      // Somebody else may have asked the same, and have had the yes that this one brings, too.
      const asked = brought?.question === question ? brought.approvalId : null
      if (asked !== null && (asked === place.id || approvals.stateOf(asked) === 'approved')) return
      // What was closed without an answer is not asked again, and what was said is not asked for ever.
      const rounds = askPerson.brought?.rounds ?? 0
      const again = askPerson.brought === null || (brought !== null && brought.answer !== null && rounds < mostRounds)
      brought = null
      if (!again) return
      const refused = new AskedInAnswer(askedBack.ask(call.request, place.id, question, rounds + 1))
      trail.answered({ kind: 'asked_in_client', approvalId: place.id })
      place.comeBack()
      throw refused
    },

    /** Asks beside all other doors while the call waits, or gives what was brought. What is returned ends the question. */
    askMeanwhile(call: DecidedCall, approvalId: string): () => void {
      const question = questionInClient(call, deps)
      const view = approvals.find(approvalId)
      if (!askPerson || question === null || call.request.signal.aborted || !view) return () => {}
      const over = new AbortController()
      const said = brought?.answer ?? null
      brought = null
      const answer = askPerson.how === 'meanwhile' ? askPerson.ask(question, over.signal) : Promise.resolve(said)
      void answer
        .then((given) => void (given !== null && !over.signal.aborted && take(view, given, deps)))
        .catch((error: Error) => log.info('a client did not answer for its person', { why: error.message }))
      return () => over.abort()
    },
  }
}

/** A no that is brought ends the call, whatever has become of its request; so does what ended that elsewhere. Throws Refused. */
function mustNotBeOver({ approvalId, answer }: Brought, deps: Pick<Deps, 'approvals'>): void {
  const state = deps.approvals.stateOf(approvalId)
  const request = `Request ${approvalId}.`
  if (answer === 'deny') throw new Refused('APPROVAL_DENIED', 'denied', ['They said so in the client.', request])
  if (state === 'denied') throw new Refused('APPROVAL_DENIED', 'denied', ['They said so elsewhere.', request])
  if (state === 'expired' || state === 'cancelled') throw new Refused('APPROVAL_EXPIRED', 'expired', [request])
}

/** Takes a no that a client brings: it ends the request, and a yes of somebody else that no call has used. Throws when it cannot be recorded. */
export function takeNo({ approvalId }: Brought, deps: Pick<Deps, 'approvals' | 'whoMay' | 'grants'>): void {
  const view = deps.approvals.find(approvalId)
  if (view) take(view, 'deny', deps)
  else deps.grants.withdraw(approvalId, clientDoor)
}

/** Gives an answer by the word of a client. */
function take(view: ApprovalView, answer: 'approve' | 'deny', deps: Pick<Deps, 'approvals' | 'whoMay'>): void {
  const { id: person, name: by } = deps.whoMay.personAt(view.client)
  const said = { hash: view.shown_hash, reason: '', person, by, door: clientDoor, pid: view.client.pid }
  deps.approvals.answer(view.id, answer, said)
}
