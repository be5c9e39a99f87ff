import { useCallback, useEffect, useState } from 'react'
import { useStore } from 'zustand'
import type { ApprovalView } from '../../../shared/approval.ts'
import { call } from '../../call.ts'
import { asFailure } from '../../use-call.ts'
import type { AnswerKind, QueueAction } from './queue-state.ts'
import { sight } from './sight.ts'
import { reasonLevel } from './use-answer.ts'

/** A request that was shown in full, with the ticket that it was shown under. */
export type SeenInFull = { view: ApprovalView; ticket: string }

/** Requests that were shown in full since the page last came into sight, and the way to answer several of them. */
export type Seen = {
  add: (seen: SeenInFull) => void
  /** Those of some requests that were seen exactly as they wait now. */
  of: (requests: readonly ApprovalView[]) => SeenInFull[]
  busy: boolean
  answer: (seen: readonly SeenInFull[], answer: AnswerKind) => Promise<void>
}

/** Whether a request may be answered together with others: where nobody has to give a reason or a PIN. */
export function isPlain({ level }: ApprovalView): boolean {
  return level < reasonLevel
}

type Around = {
  waiting: readonly ApprovalView[]
  dispatch: (action: QueueAction) => void
  refresh: () => void
}

/** Keeps what was shown in full. Each is answered by itself with the ticket of its own showing: there is no answer to what was not shown. */
export function useSeen({ waiting, dispatch, refresh }: Around): Seen {
  const { times } = useStore(sight)
  const [kept, setKept] = useState<ReadonlyMap<string, SeenInFull>>(new Map())
  const [busy, setBusy] = useState(false)
  // Whoever left the page and came back may be somebody else.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only leaving and coming back forgets
  useEffect(() => setKept(new Map()), [times])
  const add = useCallback((seen: SeenInFull) => setKept((now) => new Map(now).set(seen.view.id, seen)), [])
  const of = (requests: readonly ApprovalView[]) =>
    requests.flatMap(({ id, shown_hash }) => {
      const found = kept.get(id)
      return found && found.view.shown_hash === shown_hash ? [found] : []
    })

  async function answer(seen: readonly SeenInFull[], kind: AnswerKind): Promise<void> {
    if (busy) return
    setBusy(true)
    const next = waiting.find(({ id }) => !seen.some(({ view }) => view.id === id))
    // What is being answered is not shown once more, one after the other.
    if (next) dispatch({ type: 'selected', id: next.id })
    for (const { view, ticket } of seen) {
      const { id, shown_hash } = view
      dispatch({ type: 'answering', id })
      try {
        await call('approvals.answer', { id, answer: kind, shown_hash, reason: '', ticket })
        dispatch({ type: 'answered', view, answer: kind, how: 'once' })
      } catch (error) {
        // What comes after it is left as it is: it may fail for the same reason.
        const { message, hint } = asFailure(error)
        dispatch({ type: 'answer-failed', id, failed: { view, answer: kind, message, hint } })
        refresh()
        break
      }
    }
    setKept((now) => new Map([...now].filter(([id]) => !seen.some(({ view }) => view.id === id))))
    setBusy(false)
  }

  return { add, of, busy, answer }
}
