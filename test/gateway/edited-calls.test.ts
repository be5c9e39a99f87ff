import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { ApprovalView } from '../../shared/approval.ts'
import type { CallEntry } from '../../shared/audit.ts'
import { verifyComplaints } from '../campaigns/audit-trail.ts'
import { approver, person, simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import { outcomeOf } from '../fakes/raw-client.ts'

/** A person changes the arguments of a held call before they allow it: real client, real server, which logs what it got. */
let gateway: TestGateway

afterEach(() => gateway.close())

async function begin(policy = simplePolicy(), inputSchema: object | null = null) {
  gateway = await startGateway({ policy })
  const log = join(gateway.folder, 'calls.log')
  writeFileSync(log, '')
  const tools = join(gateway.folder, 'tools.json')
  const annotations = { readOnlyHint: false, destructiveHint: false }
  writeFileSync(tools, JSON.stringify([{ name: 'write_note', description: 'Writes', inputSchema, annotations }]))
  await gateway.addServer('notes', 'notes-server', {
    NOTES_LOG: log,
    ...(inputSchema ? { NOTES_TOOLS: tools } : {}),
  })
  const client = gateway.connect('notes')
  await client.initialize()
  return { client, ran: () => readFileSync(log, 'utf8').trim().split('\n').filter(Boolean) }
}

function allow(view: ApprovalView, edited: string, more: object = {}) {
  const { id, shown_hash } = view
  return gateway.core.handlers['approvals.answer'](
    { id, answer: 'approve', shown_hash, reason: 'rather so', edited, ...more },
    person,
  )
}

async function refusal(view: ApprovalView, edited: string, more: object = {}): Promise<string> {
  try {
    await allow(view, edited, more)
    return 'allowed'
  } catch (error) {
    return `${(error as { code?: string }).code}: ${(error as Error).message}`
  }
}

const text = (value: string) => JSON.stringify({ text: value })

test('the server gets what the person made of it, the agent is told, and the record says both', async () => {
  const { client, ran } = await begin()
  const asked = client.request('tools/call', { name: 'write_note', arguments: { text: 'mine' }, _meta: { own: 1 } })
  const view = await gateway.pending('write_note')
  expect(view.editable).toBe(true)
  await allow(view, text('theirs'))
  const answer = await asked
  expect(outcomeOf(answer).outcome).toBe('ok')
  expect(ran().join()).toContain('theirs')
  expect(ran().join()).not.toContain('mine')
  const told = JSON.stringify(answer.result)
  expect(told).toContain('a person changed the arguments of this call')
  expect(told).toContain('theirs')
  expect(told).toContain('dev.toolgate/edited')

  const entries = gateway.entries()
  const decided = entries.filter(
    (entry): entry is typeof entry & CallEntry => entry.kind === 'call' && entry.arguments_hash !== undefined,
  )
  expect(decided).toHaveLength(2)
  expect(decided[1]).toMatchObject({ edited: true, edited_from: decided[0]?.arguments_hash })
  expect(decided[1]?.arguments_hash).not.toBe(decided[0]?.arguments_hash)
  expect(entries.find((entry) => entry.kind === 'call' && entry.state === 'answered')).toMatchObject({ edited: true })
  const proof = await gateway.core.handlers['approvals.proof']({ approval_id: view.id }, person)
  expect(proof).toMatchObject({ verified: true, statement: { edited_hash: expect.any(String) } })
  expect(proof.preview).toContain('mine')
  expect(proof.preview).toContain(`changed to ${text('theirs')}`)
  expect(verifyComplaints(gateway.paths)).toEqual([])

  // It was for that call alone: the same call asks again, and so does the edited one.
  const again = client.call('write_note', { text: 'theirs' })
  await gateway.answer(await gateway.pending('write_note'), 'deny')
  expect((await again).outcome).toBe('APPROVAL_DENIED')
})

test('a secret that the person wrote is not told to the agent, however it is written', async () => {
  const { client, ran } = await begin(simplePolicy().replace('level: 1', 'level: 1\n    accept_risk: 100'))
  const asked = client.request('tools/call', { name: 'write_note', arguments: { text: 'mine' } })
  const token = ['gl', 'pat-', 'aB3dE5gH7jK9mN1pQ3sT'].join('')
  await allow(await gateway.pending('write_note'), JSON.stringify({ text: `theirs:\n${token}` }))
  const told = JSON.stringify((await asked).result)
  expect(told).toContain('theirs:')
  expect(told).toContain('[masked: gitlab-token]')
  expect(told).not.toContain(token)
  expect(ran().join()).toContain(token)
})

test('what is no JSON object, has a key twice or does not fit the reviewed schema is refused, and the call still waits', async () => {
  const { client, ran } = await begin()
  const asked = client.call('write_note', { text: 'mine' })
  const view = await gateway.pending('write_note')
  expect(await refusal(view, '{"text":')).toMatch(/EDIT_REFUSED.*this is not JSON/)
  expect(await refusal(view, '[]')).toMatch(/EDIT_REFUSED.*one JSON object/)
  expect(await refusal(view, '{"text":"a","text":"b"}')).toMatch(/EDIT_REFUSED.*`text` appears twice/)
  expect(await refusal(view, '{"text":7}')).toMatch(/EDIT_REFUSED.*`\/text` must be string/)
  expect(await refusal(view, text('x'), { answer: 'deny' })).toMatch(/EDIT_REFUSED/)
  expect(await refusal(view, text('x'), { shown_hash: 'f'.repeat(64) })).toMatch(/APPROVAL_PENDING/)
  expect((await gateway.core.handlers['approvals.list']({}, person)).map(({ id }) => id)).toEqual([view.id])
  expect(ran()).toEqual([])
  await gateway.answer(view, 'approve')
  expect((await asked).outcome).toBe('ok')
})

test('it is judged anew: what is denied or needs a higher level is refused, whoever answers', async () => {
  const rules = `  - id: no-secrets
    match: { labels: { mcp.tool: write_note } }
    decision: DENY
    reason: not this word
    when: args.text == "secret"
  - id: high
    match: { labels: { mcp.tool: write_note } }
    decision: REQUIRE_APPROVAL
    level: 4
    when: args.text == "grave"
`
  const { client, ran } = await begin(simplePolicy(rules))
  const asked = client.call('write_note', { text: 'mine' })
  const view = await gateway.pending('write_note')
  expect(await refusal(view, text('secret'))).toMatch(/EDIT_REFUSED.*not this word/)
  expect(await refusal(view, text('grave'))).toMatch(/EDIT_REFUSED.*level 4/)
  expect(ran()).toEqual([])
  await gateway.answer(view, 'deny')
  await asked
})

test('arguments that name a protected place are refused although the person wrote them', async () => {
  const { client, ran } = await begin()
  const asked = client.call('write_note', { text: 'mine' })
  const view = await gateway.pending('write_note')
  expect(await refusal(view, JSON.stringify({ text: 'x', path: gateway.paths.policy }))).toMatch(/EDIT_REFUSED/)
  expect(ran()).toEqual([])
  await gateway.answer(view, 'deny')
  await asked
})

test('where several calls wait, or none any more, or a grant is wanted, arguments are not changed', async () => {
  const { client, ran } = await begin()
  const two = [client.call('write_note', { text: 'mine' }), client.call('write_note', { text: 'mine' })]
  let view = await gateway.pending('write_note')
  while (view.waiting < 2) view = await gateway.pending('write_note')
  expect(await refusal(view, text('theirs'))).toMatch(/EDIT_REFUSED.*2 calls/)
  await gateway.answer(view, 'deny')
  await Promise.all(two)
  const one = client.call('write_note', { text: 'other' })
  view = await gateway.pending('write_note')
  const [offer] = await gateway.core.handlers['approvals.offers']({ id: view.id }, person)
  const grant = { offer: offer?.id ?? '', duration: 'once' as const }
  expect(await refusal(view, text('theirs'), { grant })).toMatch(/EDIT_REFUSED.*not with a grant/)
  await gateway.answer(view, 'deny')
  await one
  expect(ran()).toEqual([])
})

test('at the approval page a wrong edit uses up no ticket, and an answer counts once', async () => {
  const { client, ran } = await begin()
  const asked = client.call('write_note', { text: 'mine' })
  const view = await gateway.pending('write_note')
  let redeemed = 0
  if (approver.name !== 'approval') throw new Error('not the approval page')
  const door = {
    ...approver,
    answering: { ...approver.answering, redeem: () => void redeemed++ },
  } as typeof approver
  const { id, shown_hash } = view
  const answer = (edited: string) =>
    gateway.core.handlers['approvals.answer'](
      { id, answer: 'approve', shown_hash, reason: '', edited, ticket: 'a' },
      door,
    )
  await expect(answer('{"text":1}')).rejects.toThrow('must be string')
  expect(redeemed).toBe(0)
  await answer(text('theirs'))
  expect((await asked).outcome).toBe('ok')
  await expect(answer(text('again'))).rejects.toThrow()
  expect(ran()).toHaveLength(1)
})

/** Each definition holds the next one twice: to check by it takes twice as long for each. */
function doubling(depth: number): object {
  const refs = (n: number) => [{ $ref: `#/$defs/d${n}` }, { $ref: `#/$defs/d${n}` }]
  const defs = Array.from({ length: depth }, (_, n) => [`d${n}`, n + 1 < depth ? { allOf: refs(n + 1) } : {}])
  return { type: 'object', allOf: refs(0), $defs: Object.fromEntries(defs) }
}

test.each([
  ['doubles with each reference', doubling(40)],
  ['holds itself', { type: 'object', allOf: [{ $ref: '#' }] }],
  ['leads elsewhere', { type: 'object', properties: { text: { $ref: 'https://example.com/text.json' } } }],
])('a reviewed schema that %s keeps nobody busy: by it nothing can be changed', async (_what, inputSchema) => {
  const { client, ran } = await begin(simplePolicy(), inputSchema)
  const asked = client.call('write_note', { text: 'mine' })
  const view = await gateway.pending('write_note')
  expect(await refusal(view, text('theirs'))).toMatch(/EDIT_REFUSED.*cannot be checked here/)
  await gateway.answer(view, 'approve')
  expect((await asked).outcome).toBe('ok')
  expect(ran().join()).toContain('mine')
})
