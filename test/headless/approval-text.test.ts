import { expect, test } from 'vitest'
import type { ApprovalView } from '../../shared/approval.ts'
import { approvalLines } from '../../src-main/headless/approval-text.ts'

const view: ApprovalView = {
  ...{
    id: 'apr_1',
    state: 'pending',
    level: 1,
    waiting: 1,
    server: 'notes',
    kind: 'tool',
    tool: 'write_note',
    action: 'write',
  },
  ...{ created_at: '2026-11-21T08:00:00Z', expires_at: '2026-11-21T08:10:00Z', shown_hash: '' },
  client: { id: 'c', name: 'Client', identity: 'claimed', pid: 1 },
  ...{ arguments: '{"a":1}', also_sent: '', resources: [], why: 'a rule', rules: [], constraints: {}, findings: [] },
  risk: { score: 1, factors: [] },
  ...{
    goes_to: [],
    editable: true,
    caller_waits_until: null,
  },
  definition: { approved_at: null, changes: [] },
}

test('what a call carries beside its arguments has a line of its own, with nothing hidden', () => {
  const now = Date.parse(view.created_at)
  const plain = approvalLines(view, now)
  const lines = approvalLines({ ...view, also_sent: '{"task":"a\u202eb"}' }, now)
  expect(lines.filter((line) => !plain.includes(line))).toEqual(['  with       {"task":"a\\u{202e}b"}'])
})

test('of a call that nobody waits for any more, it is said what a yes still does', () => {
  const lines = approvalLines({ ...view, waiting: 0 }, Date.parse(view.created_at))
  expect(lines.at(-1)).toBe(
    '  waiting    nobody any more; a yes lets the same call run once when the same session makes it again',
  )
})

test('for whom a client works is said where it works for somebody', () => {
  const now = Date.parse(view.created_at)
  const lines = approvalLines({ ...view, client: { ...view.client, tenant: 'acme' } }, now)
  expect(lines.filter((line) => !approvalLines(view, now).includes(line))).toEqual([
    'Client, for acme, wants to run notes › write_note, which changes something',
    '  works for  acme',
  ])
})
