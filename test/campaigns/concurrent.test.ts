import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { campaign } from '../fakes/campaign.ts'
import { testFolder } from '../fakes/folder.ts'
import { person, simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import {
  events,
  missingComplaints,
  orderComplaints,
  recordedCalls,
  type SentCall,
  verifyComplaints,
} from './audit-trail.ts'
import { reachedServer } from './reached.ts'
import { type Planned, sendAll } from './send-all.ts'
import { random } from './shuffled.ts'

const sessions = 10
const callsPerRound = 1000
/** Of a thousand calls: how many are held; more than 20 of clients without an entry would not be let wait. */
const heldPerRound = 20

const denyReads = `  - id: no-more-reads
    match: { labels: { mcp.tool: read_note } }
    decision: DENY
`

/** What one session calls: allowed, allowed and masked, denied, unknown, and some that wait for a person. */
function plan(next: () => number, session: number, count: number, held: number): Planned[] {
  return Array.from({ length: count }, (_, index) => {
    const text = `session ${session}, call ${index}`
    if (index < held) return { tool: 'write_note', args: { text, answer: index % 4 === 0 ? 'approve' : 'deny' } }
    const draw = next()
    const tool = draw < 0.45 ? 'read_note' : draw < 0.6 ? 'leak_read' : draw < 0.9 ? 'delete_note' : 'no_such_tool'
    return { tool, args: { text } }
  })
}

/** A person who answers every request as its arguments ask for, until all of them are. */
async function answerAll(gateway: TestGateway, count: number): Promise<void> {
  for (let answered = 0; answered < count; ) {
    for (const view of await gateway.core.handlers['approvals.list']({}, person)) {
      const { answer } = JSON.parse(view.arguments) as { answer: 'approve' | 'deny' }
      await gateway.answer(view, answer)
      answered++
    }
    await new Promise(setImmediate)
  }
}

/** Puts a policy that denies what was allowed into the folder, and waits until it is in force. */
async function tighten(gateway: TestGateway): Promise<void> {
  const snapshot = async () => (await gateway.core.handlers.status({}, person)).policy.snapshot
  const before = await snapshot()
  const fresh = join(gateway.paths.policy, '.rules.new')
  writeFileSync(fresh, simplePolicy(denyReads), { mode: 0o600 })
  renameSync(fresh, join(gateway.paths.policy, 'rules.yaml'))
  while ((await snapshot()) === before) await new Promise(setImmediate)
}

/**
 * A thousand calls over ten sessions; a third is sent after the policy became stricter. All are open at once: nobody gets a
 * reply before the last reply is ready.
 */
async function round(seed: number): Promise<void> {
  const next = random(seed)
  const some = Promise.withResolvers<void>()
  const all = Promise.withResolvers<void>()
  let ready = 0
  const probe = (point: string) => {
    if (point !== 'replied') return
    ready++
    if (ready === 100) some.resolve()
    if (ready === callsPerRound) all.resolve()
    return all.promise
  }
  const gateway = await startGateway({ policy: simplePolicy(), ports: { probe } })
  try {
    const log = join(testFolder(), 'calls.log')
    await gateway.addServer('notes', 'notes-server', { NOTES_LOG: log })
    const clients = Array.from({ length: sessions }, () => gateway.connect('notes'))
    await Promise.all(clients.map((client) => client.initialize()))
    const early = clients.map((_, session) => plan(next, session, 66, heldPerRound / sessions))
    const late = clients.map((_, session) => plan(next, session + sessions, callsPerRound / sessions - 66, 0))

    const first = clients.map((client, session) => sendAll(client, early[session] ?? []))
    await some.promise
    await tighten(gateway)
    const second = clients.map((client, session) => sendAll(client, late[session] ?? []))
    const [sentLate] = await Promise.all([Promise.all(second), answerAll(gateway, heldPerRound)])
    const sent = [...(await Promise.all(first)).flat(), ...sentLate.flat()]
    expect(sent).toHaveLength(callsPerRound)
    checkCounts(gateway, sent, sentLate.flat(), reachedServer(log))
  } finally {
    await gateway.close()
  }
}

/** The outcomes that a call may have; a read that was sent before the policy changed may have been decided by either. */
function mayEnd({ params }: SentCall, isLate: boolean): string[] {
  const { name, arguments: args } = JSON.parse(params) as { name: string; arguments: { answer?: string } }
  switch (name) {
    case 'read_note':
      return isLate ? ['POLICY_DENIED'] : ['POLICY_DENIED', 'ok']
    case 'write_note':
      return [args.answer === 'approve' ? 'ok' : 'APPROVAL_DENIED']
    case 'leak_read':
      return ['ok']
    default:
      return [name === 'delete_note' ? 'POLICY_DENIED' : 'TOOL_UNKNOWN']
  }
}

function checkCounts(gateway: TestGateway, sent: SentCall[], late: SentCall[], reached: string[]): void {
  const ran = sent.filter(({ told }) => told?.outcome === 'ok')
  const params = (calls: readonly SentCall[]) => calls.map((call) => call.params).toSorted()
  expect(reached.toSorted()).toEqual(params(ran))
  expect(sent.filter((call) => !mayEnd(call, late.includes(call)).includes(call.told?.outcome ?? ''))).toEqual([])
  // Some were allowed before the policy changed, and some of the same kind denied after it.
  const reads = sent.filter(({ params }) => params.includes('"read_note"'))
  expect(new Set(reads.map(({ told }) => told?.outcome))).toEqual(new Set(['ok', 'POLICY_DENIED']))

  const calls = recordedCalls(gateway.paths.database, params(sent))
  expect(calls).toHaveLength(sent.length)
  const forwarded = calls.filter(({ entries }) => entries.some(({ state }) => state === 'forwarding'))
  expect(forwarded.map((call) => call.sent).toSorted()).toEqual(params(ran))
  const tightened = events(gateway.paths.database).findLast(({ name }) => name === 'policy.in_force')?.seq ?? 0
  const readsAfter = forwarded.flatMap(({ entries }) =>
    entries.filter((one) => one.state === 'forwarding' && one.tool_name === 'read_note' && one.seq > tightened),
  )
  expect(readsAfter).toEqual([])
  expect(orderComplaints(calls)).toEqual([])
  expect(missingComplaints(calls, sent, reached)).toEqual([])
  expect(verifyComplaints(gateway.paths)).toEqual([])
}

test('what reaches the server is exactly what was allowed: calls at once over ten sessions, policy changed meanwhile', {
  timeout: 900_000,
}, async ({ task }) => {
  const seed = 3
  const size = campaign(task, { sample: callsPerRound, full: 10 * callsPerRound, seed })
  for (let done = 0; done < size; done += callsPerRound) await round(seed + done)
})
