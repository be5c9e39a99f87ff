import { useContext, useEffect, useRef, useState } from 'react'
import type { ApprovalView, GrantChoice } from '../../../shared/approval.ts'
import { type CallFailure, call } from '../../call.ts'
import { asFailure } from '../../use-call.ts'
import { AskPresence } from '../use-deed.ts'
import type { AnswerKind, QueueAction } from './queue-state.ts'
import type { Shown } from './use-ticket.ts'

/** What an answer carries beside what was shown. */
export type AnswerWords = {
  reason: string
  pin?: string
  grant?: GrantChoice
  /** The arguments that it runs with instead, as JSON text. */
  edited?: string
}

/** From these levels on an approval says why, and proves once more who gives it. */
export const reasonLevel = 3
export const proofLevel = 4

/** What is no longer as it was shown: it is shown anew, and nothing was answered. */
const stale = ['TICKET_STALE', 'APPROVAL_PENDING']
const gone = ['NOT_FOUND', 'APPROVAL_EXPIRED']

type Around = { dispatch: (action: QueueAction) => void; refresh: () => void }

/** Gives the answer to what is on screen. `failure` is what a person can do something about. */
export function useAnswer(shown: Shown, { dispatch, refresh }: Around) {
  const askPresence = useContext(AskPresence)
  const [busy, setBusy] = useState<AnswerKind | null>(null)
  const [failure, setFailure] = useState<CallFailure | null>(null)
  /** A denial that came before the ticket did: it must not be lost, since the person believes that they have denied. */
  const [denying, setDenying] = useState<AnswerWords | null>(null)
  const onScreen = useOnScreen(shown.view, denying !== null, dispatch)

  function failed(why: CallFailure, answer: AnswerKind, view: ApprovalView): void {
    const { message, hint } = why
    dispatch({
      ...{ type: 'answer-failed', id: view.id },
      failed: onScreen.current ? null : { view, answer, message, hint },
    })
    // The list may have come before the failure did, and was taken for the answer's doing.
    refresh()
    if (gone.includes(why.code)) {
      const late = why.code === 'APPROVAL_EXPIRED' || Date.now() >= Date.parse(view.expires_at)
      dispatch({ type: 'ended', view, ending: late ? 'expired' : 'elsewhere' })
      return
    }
    if (stale.includes(why.code)) {
      shown.again('it is no longer what was on screen')
      return
    }
    if (why.code === 'PRESENCE_REQUIRED' && view.level < proofLevel) askPresence()
    // A denial that did not arrive must not look like one that did.
    if (why.code === 'CONNECTION_LOST' && answer === 'deny') shown.again(null)
    setFailure(why)
  }

  async function give(answer: AnswerKind, words: AnswerWords): Promise<void> {
    const { view, ticket } = shown
    if (busy) return
    if (ticket === null) {
      if (answer === 'deny') setDenying(words)
      return
    }
    setBusy(answer)
    setFailure(null)
    dispatch({ type: 'answering', id: view.id })
    const reason = words.reason.trim()
    try {
      const { state } = await call('approvals.answer', {
        ...words,
        ...{ id: view.id, answer, shown_hash: view.shown_hash, reason, ticket },
      })
      const how = words.edited !== undefined ? 'edited' : words.grant ? 'longer' : 'once'
      dispatch({ type: 'answered', view, answer, how: state === 'pending' ? 'part' : how })
      // It still waits, for somebody else.
      if (state === 'pending') refresh()
    } catch (error) {
      failed(asFailure(error), answer, view)
    } finally {
      setBusy(null)
    }
  }

  const { ticket } = shown
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the ticket's coming sets it off
  useEffect(() => {
    if (denying === null || ticket === null) return
    setDenying(null)
    void give('deny', denying)
  }, [denying, ticket])

  return { give, busy, failure, forget: () => setFailure(null) }
}

/** Whether the request is still on screen here; when it no longer is while a denial waits for its ticket, that is told. */
function useOnScreen(view: ApprovalView, denying: boolean, dispatch: Around['dispatch']) {
  const onScreen = useRef(true)
  const latest = useRef({ view, denying })
  latest.current = { view, denying }
  useEffect(() => {
    onScreen.current = true
    return () => {
      onScreen.current = false
      if (!latest.current.denying) return
      const failed = {
        ...{ view: latest.current.view, answer: 'deny' as const },
        message: 'it left the screen before it was shown in full',
        hint: 'show it, then deny it again',
      }
      dispatch({ type: 'answer-failed', id: failed.view.id, failed })
    }
  }, [dispatch])
  return onScreen
}
