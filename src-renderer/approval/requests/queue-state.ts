import type { ApprovalView } from '../../../shared/approval.ts'
import { orderRequests } from './queue-order.ts'

/** How a request ended without an answer from this page. */
export type Ending = 'expired' | 'elsewhere'
export type AnswerKind = 'approve' | 'deny'
/** What an approval was for: this call, more calls than this one, or this call with other arguments; or it is one of several that it takes. */
type AnswerHow = 'once' | 'longer' | 'edited' | 'part'
/** An answer that did not count, and why. */
export type FailedAnswer = { view: ApprovalView; answer: AnswerKind; message: string; hint: string }

/** What the page shows of the queue: which request is on screen, and what became of those before. */
export type QueueState = {
  /** What waits, in the order of the list; empty as well while nothing is `loaded`. */
  waiting: readonly ApprovalView[]
  loaded: boolean
  selected: string | null
  /** A request that was asked for and is not listed: the next list decides whether there is one. */
  wanted: string | null
  /** An answer of this page is on its way. */
  answering: string | null
  /** The request on screen has ended; it stays until the person has seen so. */
  leaving: { view: ApprovalView; ending: Ending } | null
  /** The last answer that failed after the person had gone on, until they have seen so: its card can no longer tell. */
  failed: FailedAnswer | null
  /** The last answer given here, and how many there were. */
  answered: { view: ApprovalView; answer: AnswerKind; how: AnswerHow } | null
  count: number
}

/** What happens to the queue: a fresh list, a step of the person, an answer. */
export type QueueAction =
  | { type: 'listed'; views: readonly ApprovalView[]; now: number }
  | { type: 'selected'; id: string }
  | { type: 'stepped'; by: 1 | -1 }
  | { type: 'answering'; id: string }
  /** `failed`: to be told here, since the card is gone. */
  | { type: 'answer-failed'; id: string; failed: FailedAnswer | null }
  | { type: 'failure-seen' }
  /** A request turned out to have ended, before any list said so. */
  | { type: 'ended'; view: ApprovalView; ending: Ending }
  | { type: 'answered'; view: ApprovalView; answer: AnswerKind; how: AnswerHow }
  | { type: 'left' }
  | { type: 'answer-seen' }

/** The queue before anything is known of it; `id` is the request that the page was opened for. */
export function emptyQueue(id: string | null): QueueState {
  return {
    ...{ waiting: [], loaded: false, selected: id, wanted: null, answering: null },
    ...{ leaving: null, failed: null, answered: null, count: 0 },
  }
}

/** The request on screen; null when nothing waits. */
export function shownRequest(state: QueueState): ApprovalView | null {
  return state.leaving?.view ?? state.waiting.find(({ id }) => id === state.selected) ?? null
}

/** What follows from what happened. Nothing moves on screen but by the person's doing or the end of what is shown. */
export function nextQueue(state: QueueState, action: QueueAction): QueueState {
  switch (action.type) {
    case 'listed':
      return listed(state, action.views, action.now)
    case 'selected':
      return select(state, action.id)
    case 'stepped':
      return { ...state, selected: step(state, action.by), wanted: null, leaving: null }
    case 'answering':
      return { ...state, answering: action.id, answered: null }
    case 'answer-failed': {
      const answering = state.answering === action.id ? null : state.answering
      return { ...state, answering, failed: action.failed ?? state.failed }
    }
    case 'failure-seen':
      return { ...state, failed: null }
    case 'ended': {
      const { view, ending } = action
      const leaving = state.selected === view.id ? { view, ending } : state.leaving
      return { ...without(state, view.id), leaving }
    }
    case 'answered': {
      const { view, answer, how } = action
      return { ...without(state, view.id), answered: { view, answer, how }, count: state.count + 1 }
    }
    case 'left': {
      const next = state.waiting.find(({ id }) => id === state.selected) ?? state.waiting[0]
      return { ...state, leaving: null, selected: next?.id ?? null }
    }
    case 'answer-seen':
      return { ...state, answered: null }
  }
}

/** The queue when a request no longer waits: what came after it is next. */
function without(state: QueueState, id: string): QueueState {
  const selected = state.selected === id ? neighbour(state, state.waiting, id) : state.selected
  const answering = state.answering === id ? null : state.answering
  return { ...state, waiting: state.waiting.filter((view) => view.id !== id), selected, answering }
}

/** Never nothing on screen while something waits: a link may name a request that has ended, or that is not listed yet. */
function select(state: QueueState, id: string): QueueState {
  const has = (it: string | null) => state.waiting.some((view) => view.id === it)
  if (has(id) || !state.loaded) return { ...state, selected: id, wanted: null, leaving: null }
  const selected = has(state.selected) ? state.selected : neighbour(state, state.waiting, id)
  return { ...state, selected, wanted: id }
}

function listed(before: QueueState, views: readonly ApprovalView[], now: number): QueueState {
  const waiting = orderRequests(views)
  const has = (id: string | null) => waiting.some((view) => view.id === id)
  const state: QueueState = { ...before, loaded: true, wanted: null }
  if (has(before.wanted)) return { ...state, waiting, selected: before.wanted, leaving: null }
  if (state.leaving || has(state.selected)) return { ...state, waiting }
  const gone = state.waiting.find(({ id }) => id === state.selected)
  // The list may come before the answer does: then it is gone because this page answered it.
  if (gone && gone.id === state.answering) return { ...state, waiting: orderRequests([...views, gone]) }
  const selected = neighbour(state, waiting, state.selected)
  if (!gone) return { ...state, waiting, selected }
  const ending = now >= Date.parse(gone.expires_at) - 1_000 ? 'expired' : 'elsewhere'
  return { ...state, waiting, selected, leaving: { view: gone, ending } }
}

/** What comes after `id` in the list as it was, of what is still there; else what came before it. */
function neighbour(state: QueueState, now: readonly ApprovalView[], id: string | null): string | null {
  const at = state.waiting.findIndex((view) => view.id === id)
  const order = at < 0 ? [] : [...state.waiting.slice(at + 1), ...state.waiting.slice(0, at).reverse()]
  const left = (view: ApprovalView) => view.id !== id && now.some((it) => it.id === view.id)
  return order.find(left)?.id ?? now.find((view) => view.id !== id)?.id ?? null
}

function step(state: QueueState, by: 1 | -1): string | null {
  const at = state.waiting.findIndex(({ id }) => id === state.selected)
  return state.waiting[Math.min(state.waiting.length - 1, Math.max(0, at + by))]?.id ?? state.selected
}
