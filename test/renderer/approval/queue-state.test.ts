import { expect, test } from 'vitest'
import type { ApprovalView } from '../../../shared/approval.ts'
import { groupRequests } from '../../../src-renderer/approval/requests/queue-order.ts'
import {
  emptyQueue,
  nextQueue,
  type QueueAction,
  type QueueState,
  shownRequest,
} from '../../../src-renderer/approval/requests/queue-state.ts'
import { shownChanges } from '../../../src-renderer/approval/requests/shown-changes.ts'
import { heldCall } from '../../fakes/page-samples.ts'

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString()

function request(id: string, second: number, rest: Partial<ApprovalView> = {}): ApprovalView {
  return {
    ...heldCall(id),
    ...{ id, state: 'pending', level: 1, created_at: at(second), expires_at: at(600 + second), waiting: 1 },
    client: { id: 'c', name: 'Cursor', identity: 'verified', pid: 1 },
    ...{
      server: 'files',
      kind: 'tool',
      tool: id,
      action: 'write',
      arguments: '{}',
      also_sent: '',
      resources: [],
      why: 'asked',
    },
    ...{ rules: [], constraints: {}, risk: { score: 1, factors: [] }, findings: [], shown_hash: id },
    ...rest,
  }
}

const [a, b, c] = [request('a', 1), request('b', 2), request('c', 3)]
const listed = (...views: ApprovalView[]): QueueAction => ({ type: 'listed', views, now: Date.parse(at(10)) })
const answered = (view: ApprovalView): QueueAction => ({ type: 'answered', view, answer: 'deny', how: 'once' })

function after(...actions: QueueAction[]): QueueState {
  return actions.reduce(nextQueue, emptyQueue(null))
}

test('the oldest shows first, and one that comes later changes nothing on screen', () => {
  expect(after(listed(c, b)).selected).toBe('b')
  expect(after(listed(c, b), listed(a, b, c)).selected).toBe('b')
})

test('the request that the page was opened for shows first', () => {
  expect(nextQueue(emptyQueue('b'), listed(a, b, c)).selected).toBe('b')
  expect(nextQueue(emptyQueue('gone'), listed(a, b)).selected).toBe('a')
})

test('while something waits it is on screen, whatever a link names that has ended', () => {
  const named = (start: QueueState, id: string) => nextQueue(start, { type: 'selected', id })
  const start = after(listed(a, b, c), { type: 'selected', id: 'b' })
  expect(shownRequest(named(start, 'gone'))?.id).toBe('b')
  expect(shownRequest(named(after(listed(a, b)), 'gone'))?.id).toBe('a')
  expect(shownRequest(named(after(listed()), 'gone'))).toBe(null)
  expect(shownRequest(nextQueue(named(after(listed()), 'gone'), listed(a)))?.id).toBe('a')
  // Before anything is known the link decides, and so it does when the list comes after it.
  expect(nextQueue(named(after(), 'b'), listed(a, b)).selected).toBe('b')
  expect(nextQueue(named(after(listed(a)), 'b'), listed(a, b)).selected).toBe('b')
  const later = [named(start, 'd'), listed(a, b, c), listed(a, b, c, request('d', 4))] as const
  expect(nextQueue(nextQueue(later[0], later[1]), later[2]).selected).toBe('b')
})

test('after an answer the next one shows, the one before it when there is none after, and nothing at the end', () => {
  const start = after(listed(a, b, c), { type: 'selected', id: 'b' })
  const afterB = nextQueue(start, answered(b))
  expect([afterB.selected, afterB.count, afterB.answered?.view.id]).toEqual(['c', 1, 'b'])
  const afterC = nextQueue(afterB, answered(c))
  expect(afterC.selected).toBe('a')
  const end = nextQueue(afterC, answered(a))
  expect([end.selected, end.count, shownRequest(end)]).toEqual([null, 3, null])
})

test('a list that comes before the answer does is not taken for somebody else’s doing', () => {
  const during = after(listed(a, b), { type: 'answering', id: 'a' }, listed(b))
  expect([during.selected, during.leaving, shownRequest(during)?.id]).toEqual(['a', null, 'a'])
  expect(nextQueue(during, answered(a)).selected).toBe('b')
})

test('a request that turns out to have ended leaves, also when the list said so while its answer was under way', () => {
  const during = after(listed(a, b), { type: 'answering', id: 'a' }, listed(b))
  const failed = nextQueue(during, { type: 'answer-failed', id: 'a', failed: null })
  const ended = nextQueue(failed, { type: 'ended', view: a, ending: 'expired' })
  expect([shownRequest(ended)?.id, ended.leaving?.ending, ended.answering]).toEqual(['a', 'expired', null])
  expect(ended.waiting.map(({ id }) => id)).toEqual(['b'])
  expect(shownRequest(nextQueue(ended, { type: 'left' }))?.id).toBe('b')
  // Without that, the next list says it.
  expect(nextQueue(failed, listed(b)).leaving?.ending).toBe('elsewhere')
  // It was not on screen any more: nothing there moves.
  const gone = nextQueue(after(listed(a, b), { type: 'selected', id: 'b' }), {
    type: 'ended',
    view: a,
    ending: 'expired',
  })
  expect([shownRequest(gone)?.id, gone.leaving, gone.waiting.length]).toEqual(['b', null, 1])
})

test('an answer that failed after the person had gone on is told until it was seen, and another under way stays so', () => {
  const start = after(listed(a, b), { type: 'answering', id: 'a' }, { type: 'stepped', by: 1 })
  const both = nextQueue(start, { type: 'answering', id: 'b' })
  const why = { view: a, answer: 'deny', message: 'no', hint: 'again' } as const
  const failed = nextQueue(both, { type: 'answer-failed', id: 'a', failed: why })
  expect([failed.failed, failed.answering]).toEqual([why, 'b'])
  expect(nextQueue(failed, answered(b)).failed).toEqual(why)
  expect(nextQueue(failed, { type: 'failure-seen' }).failed).toBe(null)
})

test.each([
  [10, 'elsewhere'],
  [601, 'expired'],
] as const)('a request that ends on screen stays until it was seen to end (%i s: %s)', (second, ending) => {
  const gone = after(listed(a, b), { type: 'listed', views: [b], now: Date.parse(at(second)) })
  expect([shownRequest(gone)?.id, gone.leaving?.ending]).toEqual(['a', ending])
  const more = nextQueue(gone, listed(b, c))
  expect(shownRequest(more)?.id).toBe('a')
  expect(shownRequest(nextQueue(more, { type: 'left' }))?.id).toBe('b')
  expect(shownRequest(nextQueue(nextQueue(gone, listed()), { type: 'left' }))).toBe(null)
})

test('steps stop at both ends, and go through groups in the order in which they are listed', () => {
  const again = request('again', 9, { tool: 'a' })
  const start = after(listed(a, b, again))
  expect(start.waiting.map(({ id }) => id)).toEqual(['a', 'again', 'b'])
  expect(nextQueue(start, { type: 'stepped', by: -1 }).selected).toBe('a')
  expect(nextQueue(start, { type: 'stepped', by: 1 }).selected).toBe('again')
})

test('a client that only claims a name is never grouped with the one that proved it', () => {
  const claimed = request('x', 4, { tool: 'a', client: { ...a.client, identity: 'claimed' } })
  expect(groupRequests([a, claimed]).length).toBe(2)
  expect(groupRequests([a, request('y', 4, { tool: 'a' })]).map(({ requests }) => requests.length)).toEqual([2])
})

test('what changed in a request is told in words', () => {
  expect(shownChanges(a, { ...a, shown_hash: 'other', state: 'approved' })).toEqual([])
  expect(shownChanges(a, { ...a, waiting: 0 })).toEqual(['the caller no longer waits'])
  expect(shownChanges(a, { ...a, waiting: 3, why: 'another' })).toEqual([
    '3 identical calls wait',
    'other rules ask for it',
  ])
  expect(shownChanges(a, { ...a, arguments: '{"a":1}' })).toEqual(['what would run is not the same'])
})
