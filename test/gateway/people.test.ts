import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { instancePaths } from '../../src-main/host/paths.ts'
import { testFolder } from '../fakes/folder.ts'
import { person, simplePolicy, startGateway } from '../fakes/gateway.ts'
import { openPage } from '../fakes/page.ts'
import { addPeople, answerAt, pageOf, pins } from '../fakes/people-here.ts'

/** What several people may answer together, at a real gateway with a real server and clients. */
const takes = (needs: string, level = 1) =>
  simplePolicy()
    .replace('rules:', `approvals:\n  - { level: ${level}, ${needs} }\nrules:`)
    .replace('level: 1\n', `level: ${level}\n`)

async function begin(rules: string, settings = {}) {
  const profile = join(realpathSync(testFolder()), 'profile')
  const { policy } = instancePaths(profile)
  mkdirSync(policy, { recursive: true, mode: 0o700 })
  writeFileSync(join(policy, 'rules.yaml'), rules)
  const gateway = await startGateway({ profile, settings: { hold_sec: 3600, ...settings } })
  onTestFinished(() => gateway.close())
  const log = join(profile, '..', 'calls.log')
  await gateway.addServer('notes', 'notes-server', { NOTES_LOG: log })
  const arrived = () => (existsSync(log) ? readFileSync(log, 'utf8').split('\n').filter(Boolean).length : 0)
  const write = async (options: string[] = []) => {
    const client = gateway.connect('notes', options)
    await client.initialize()
    return client.call('write_note', { text: 'x' })
  }
  /** Changes the rules; a policy that takes less than before needs a word of its own. */
  const setRules = async (text: string, then: 'counts' | 'waits' = 'counts') => {
    const shown = async () => gateway.core.handlers['policy.show']({}, person)
    const { snapshot } = await shown()
    writeFileSync(join(policy, 'rules.yaml'), text)
    const seen = async () =>
      then === 'waits' ? (await shown()).waiting !== null : (await shown()).snapshot !== snapshot
    while (!(await seen())) await new Promise((resolve) => setTimeout(resolve, 5))
  }
  const waiting = () => gateway.core.handlers['approvals.list']({}, person)
  return { gateway, write, arrived, setRules, waiting }
}

const security = [{ name: 'ana', groups: ['security'] }, { name: 'bo', groups: ['security'] }, { name: 'cy' }] as const
const all = security.map((each) => ({ ...each, groups: 'groups' in each ? [...each.groups] : [] }))

test('two of a group answer, each once, and the record, its proof and its verifier say who', async () => {
  const { gateway, write, arrived } = await begin(takes('answers: 2, groups: [security]'))
  const { owner, ids } = await addPeople(gateway, all)
  const [ana, bo, cy] = [await pageOf(gateway, 'ana'), await pageOf(gateway, 'bo'), await pageOf(gateway, 'cy')]
  const outcome = write()
  const { id, people } = await gateway.pending('write_note')
  expect(people).toEqual({ needed: 2, groups: ['security'], own: true, given: [] })
  expect(await answerAt(cy, id)).toBe('APPROVAL_NOT_YOURS')
  expect(await answerAt(owner, id)).toBe('APPROVAL_NOT_YOURS')
  expect(await answerAt(ana, id)).toMatchObject({ state: 'pending', people: { given: [{ by: 'ana' }] } })
  expect(await answerAt(ana, id)).toBe('APPROVAL_NOT_YOURS')
  expect(arrived()).toBe(0)
  expect(await answerAt(bo, id)).toMatchObject({ state: 'approved' })
  expect((await outcome).outcome).toBe('ok')
  expect(arrived()).toBe(1)

  const proof = await gateway.core.handlers['approvals.proof']({ approval_id: id }, person)
  expect(proof).toMatchObject({
    verified: true,
    statement: { by: 'bo', person: ids.bo, answers: 2, with: [{ person: ids.ana, stands_for: null }] },
  })
  expect(proof.preview).toContain('1 of 2 answered')
  const events = gateway.entries().flatMap((entry) => (entry.kind === 'event' ? [entry] : []))
  const given = events.find(({ event }) => event === 'approval.given')
  expect(given?.detail).toMatchObject({ by: 'ana', person: ids.ana, answer: 'approved', signature: expect.any(String) })
})

test('what the second sees says who was first, and an answer to what was shown before counts no more', async () => {
  const { gateway, write } = await begin(takes('answers: 2'))
  await addPeople(gateway, all)
  const [ana, bo] = [await pageOf(gateway, 'ana'), await pageOf(gateway, 'bo')]
  void write().catch(() => 'it ended with its gateway')
  const { id } = await gateway.pending('write_note')
  const early = await bo.call('approvals.show', { id })
  await answerAt(ana, id)
  const { view, ticket } = early
  const stale = { id, answer: 'approve', shown_hash: view.shown_hash, ticket, reason: '' }
  expect(await bo.refusal('approvals.answer', stale)).toMatch(/TICKET_STALE|APPROVAL_PENDING/)
})

test('a no by one ends it, whoever said yes', async () => {
  const { gateway, write, arrived } = await begin(takes('answers: 2'))
  const { owner } = await addPeople(gateway, all)
  const ana = await pageOf(gateway, 'ana')
  const outcome = write()
  const { id } = await gateway.pending('write_note')
  await answerAt(ana, id)
  expect(await answerAt(owner, id, 'deny')).toMatchObject({ state: 'denied' })
  expect((await outcome).outcome).toBe('APPROVAL_DENIED')
  expect(arrived()).toBe(0)
})

test('who asks does not answer where policy says so, and whose client it is is what its entry says', async () => {
  const { gateway, write, arrived } = await begin(takes('own: false'))
  await addPeople(gateway, [{ name: 'ana', admin: true }, { name: 'bo' }])
  const [ana, bo] = [await pageOf(gateway, 'ana'), await pageOf(gateway, 'bo')]
  const { id: client } = await ana.call('clients.issue', { name: 'Editor' })
  const outcome = write(['--entry', client])
  const { id } = await gateway.pending('write_note')
  expect(await answerAt(ana, id)).toBe('APPROVAL_NOT_YOURS')
  expect(await answerAt(bo, id)).toMatchObject({ state: 'approved' })
  expect((await outcome).outcome).toBe('ok')
  // Nobody knows whose client one is that only claims a name.
  expect((await write()).outcome).toBe('APPROVAL_IMPOSSIBLE')
  expect(arrived()).toBe(1)
})

test('a first answer counts no more once its person is removed, and the second alone is not enough', async () => {
  const { gateway, write, waiting, arrived } = await begin(takes('answers: 2, groups: [security]'))
  const { owner, ids } = await addPeople(gateway, all.slice(0, 2))
  const cy = await owner.call('people.add', {
    ...{ name: 'cy', groups: ['security'], admin: false, new_pin: pins.cy, pin: pins.owner },
  })
  const [ana, bo, third] = [await pageOf(gateway, 'ana'), await pageOf(gateway, 'bo'), await pageOf(gateway, 'cy')]
  const outcome = write()
  const { id } = await gateway.pending('write_note')
  await answerAt(ana, id)
  expect((await waiting())[0]?.people?.given).toHaveLength(1)
  await owner.call('people.remove', { id: ids.ana, pin: pins.owner })
  expect(await ana.call('presence.state')).toMatchObject({ present: false })
  // The call was decided anew, and waits again.
  await expect.poll(async () => (await waiting())[0]?.waiting).toBe(1)
  expect((await waiting())[0]?.people?.given).toEqual([])
  expect(await answerAt(bo, id)).toMatchObject({ state: 'pending' })
  expect(arrived()).toBe(0)
  const lapsed = gateway.entries().find((entry) => entry.kind === 'event' && entry.event === 'approval.lapsed')
  expect(lapsed).toMatchObject({ detail: { people: [ids.ana] } })
  expect(await answerAt(third, id)).toMatchObject({ state: 'approved' })
  expect((await outcome).outcome).toBe('ok')
  expect(cy.groups).toEqual(['security'])
})

test('a first answer counts no more once policy asks otherwise, and once there are too few people it is impossible', async () => {
  const { gateway, write, setRules, waiting } = await begin(takes('answers: 2'))
  await addPeople(gateway, all)
  const cy = await pageOf(gateway, 'cy')
  const outcome = write()
  const { id } = await gateway.pending('write_note')
  await answerAt(cy, id)
  await setRules(takes('answers: 2, groups: [security]'))
  await gateway.pending('write_note')
  expect((await waiting())[0]?.people).toMatchObject({ needed: 2, given: [] })
  await setRules(takes('answers: 3, groups: [security]'))
  expect(await outcome).toMatchObject({
    outcome: 'APPROVAL_IMPOSSIBLE',
    text: expect.stringContaining('it takes the answers of 3 people, and of the 4 here 2 may give one'),
  })
})

test('who denied something of a server, and who confirmed a policy, is on record by the name of whose page it was', async () => {
  const { gateway, setRules } = await begin(takes('answers: 2'))
  await addPeople(gateway, [{ name: 'ana' }, { name: 'bo', admin: true }])
  const [ana, bo] = [await pageOf(gateway, 'ana'), await pageOf(gateway, 'bo')]
  const what = { tools: ['write_note'], server: false, instructions: false, reason: 'not now' }
  await ana.call('servers.deny', { name: 'notes', ...what })
  const events = (name: string) =>
    gateway.entries().flatMap((entry) => (entry.kind === 'event' && entry.event === name ? [entry.detail] : []))
  expect(events('server.denied')).toMatchObject([{ door: 'approval', denied: [{ tool: 'write_note', by: 'ana' }] }])
  await setRules(takes('answers: 2').replace('DENY', 'ALLOW'), 'waits')
  const { waiting } = await bo.call('policy.show', {})
  await bo.call('policy.confirm', { hash: waiting?.hash ?? '' })
  expect(events('policy.in_force').at(-1)).toMatchObject({ reviewer: 'bo' })
})

test('who is away is answered for within their own groups, by one person with one voice, until they are back', async () => {
  const { gateway, write, waiting } = await begin(takes('answers: 2, groups: [security]'))
  const { ids } = await addPeople(gateway, all)
  const [ana, bo, cy] = [await pageOf(gateway, 'ana'), await pageOf(gateway, 'bo'), await pageOf(gateway, 'cy')]
  const until = new Date(Date.now() + 3_600_000).toISOString()
  await ana.call('people.away', { until, delegate: ids.cy })
  const outcome = write()
  const { id } = await gateway.pending('write_note')
  expect(await answerAt(cy, id)).toMatchObject({ people: { given: [{ by: 'cy', stands_for: 'ana' }] } })
  expect(await answerAt(ana, id)).toBe('APPROVAL_NOT_YOURS')
  await ana.call('people.back')
  await gateway.pending('write_note')
  expect((await waiting())[0]?.people?.given).toEqual([])
  await ana.call('people.away', { until, delegate: ids.cy })
  await gateway.pending('write_note')
  await answerAt(cy, id)
  expect(await answerAt(bo, id)).toMatchObject({ state: 'approved' })
  expect((await outcome).outcome).toBe('ok')
})

test('a yes of several that comes late lets exactly its call run once, and none is granted for longer', async () => {
  const { gateway, arrived } = await begin(takes('answers: 2'), { hold_sec: 1 })
  await addPeople(gateway, all)
  const [ana, bo] = [await pageOf(gateway, 'ana'), await pageOf(gateway, 'bo')]
  const client = gateway.connect('notes')
  await client.initialize()
  expect((await client.call('write_note', { text: 'x' })).outcome).toBe('APPROVAL_PENDING')
  const { id } = await gateway.pending('write_note')
  expect(await ana.call('approvals.offers', { id })).toEqual([])
  await answerAt(ana, id)
  expect(await answerAt(bo, id)).toMatchObject({ state: 'approved' })
  expect((await client.call('write_note', { text: 'x' })).outcome).toBe('ok')
  expect((await client.call('write_note', { text: 'x' })).outcome).toBe('APPROVAL_PENDING')
  expect(arrived()).toBe(1)
})

test('from level 4 on each proves it by their own PIN, and each gives a reason', async () => {
  const { gateway, write } = await begin(takes('answers: 2', 4))
  await addPeople(gateway, all)
  const [ana, bo] = [await pageOf(gateway, 'ana'), await pageOf(gateway, 'bo')]
  const outcome = write()
  const { id } = await gateway.pending('write_note')
  const reason = 'looked at it'
  expect(await answerAt(ana, id, 'approve', { pin: pins.ana })).toBe('REASON_REQUIRED')
  expect(await answerAt(ana, id, 'approve', { reason, pin: pins.bo })).toBe('PRESENCE_PIN_WRONG')
  expect(await answerAt(ana, id, 'approve', { reason, pin: pins.ana })).toMatchObject({ state: 'pending' })
  expect(await answerAt(bo, id, 'approve', { reason, pin: pins.bo })).toMatchObject({ state: 'approved' })
  expect((await outcome).outcome).toBe('ok')
})

test('an auditor looks and answers nothing, counts for nobody, and stands for nobody', async () => {
  const { gateway, write } = await begin(takes('answers: 2', 2))
  const { owner, ids } = await addPeople(gateway, [{ name: 'ana', groups: ['auditor', 'security'] }, { name: 'bo' }])
  const [ana, bo] = [await pageOf(gateway, 'ana'), await pageOf(gateway, 'bo')]
  const outcome = write()
  const { id } = await gateway.pending('write_note')
  for (const answer of ['approve', 'deny'] as const) expect(await answerAt(ana, id, answer)).toBe('AUDITOR_ONLY_LOOKS')
  expect(await answerAt(bo, id, 'approve')).toMatchObject({ state: 'pending' })
  await owner.call('people.away', { until: new Date(Date.now() + 3_600_000).toISOString(), delegate: ids.ana })
  expect(await answerAt(ana, id, 'approve')).toBe('AUDITOR_ONLY_LOOKS')
  expect(await answerAt(bo, id, 'deny')).toMatchObject({ state: 'denied' })
  await outcome
  const few = { id: ids.bo, groups: ['auditor'], admin: false, pin: pins.owner }
  await owner.call('people.change', few)
  expect((await write()).outcome).toBe('APPROVAL_IMPOSSIBLE')
  expect(await bo.refusal('people.away', {})).toBe('AUDITOR_ONLY_LOOKS')
})

test('nobody answers in the place of who became an auditor, and what was answered for them counts no more', async () => {
  const { gateway, write, waiting, arrived } = await begin(takes('answers: 2, groups: [security]'))
  const { owner, ids } = await addPeople(gateway, all)
  await owner.call('people.change', { id: 'owner', groups: ['security'], admin: true, pin: pins.owner })
  const [ana, bo, cy] = [await pageOf(gateway, 'ana'), await pageOf(gateway, 'bo'), await pageOf(gateway, 'cy')]
  await ana.call('people.away', { until: new Date(Date.now() + 3_600_000).toISOString(), delegate: ids.cy })
  const outcome = write()
  const { id } = await gateway.pending('write_note')
  expect(await answerAt(cy, id)).toMatchObject({ people: { given: [{ by: 'cy', stands_for: 'ana' }] } })
  const auditor = { id: ids.ana, groups: ['auditor', 'security'], admin: false, pin: pins.owner }
  await owner.call('people.change', auditor)
  await expect.poll(async () => (await waiting())[0]).toMatchObject({ waiting: 1, people: { given: [] } })
  expect(await answerAt(cy, id)).toBe('APPROVAL_NOT_YOURS')
  expect(await answerAt(bo, id)).toMatchObject({ state: 'pending' })
  expect(arrived()).toBe(0)
  expect(await answerAt(owner, id)).toMatchObject({ state: 'approved' })
  expect((await outcome).outcome).toBe('ok')
})

test('only an admin changes who answers, with their PIN once more, and one always stays', async () => {
  const { gateway } = await begin(simplePolicy())
  const { owner, ids } = await addPeople(gateway, [{ name: 'ana', admin: true }, { name: 'bo' }])
  const bo = await pageOf(gateway, 'bo')
  const more = { name: 'Cy', groups: [], admin: true, new_pin: pins.cy }
  expect(await bo.refusal('people.add', { ...more, pin: pins.bo })).toBe('ADMIN_ONLY')
  expect(await bo.refusal('people.change', { id: ids.bo, groups: ['security'], admin: true, pin: pins.bo })).toBe(
    'ADMIN_ONLY',
  )
  for (const call of ['servers.remove', 'override.start', 'tokens.create', 'grants.extend'] as const) {
    expect([call, await bo.refusal(call, {})]).toEqual([call, 'ADMIN_ONLY'])
  }
  expect(await owner.refusal('people.add', more)).toBe('PRESENCE_REQUIRED')
  expect(await owner.refusal('people.add', { ...more, pin: '000001' })).toBe('PRESENCE_PIN_WRONG')
  for (const name of ['ANA ', 'a\u202ena']) {
    expect([name, await owner.refusal('people.add', { ...more, name, pin: pins.owner })]).toEqual([name, 'BAD_INPUT'])
  }
  const changed = { id: ids.bo, groups: ['security'], admin: false, pin: pins.owner }
  expect(await owner.call('people.change', changed)).toMatchObject({ groups: ['security'], own_groups: ['security'] })
  await owner.call('people.change', { id: 'owner', groups: [], admin: false, pin: pins.owner })
  expect(await owner.refusal('people.remove', { id: ids.ana, pin: pins.owner })).toBe('ADMIN_ONLY')
  const ana = await pageOf(gateway, 'ana')
  expect(await ana.refusal('people.remove', { id: ids.ana, pin: pins.ana })).toBe('LAST_ADMIN')
  expect(await ana.refusal('people.remove', { id: 'owner', pin: pins.ana })).toBe('BAD_INPUT')
  await ana.call('people.remove', { id: ids.bo, pin: pins.ana })
  expect(await ana.refusal('people.add', { ...more, name: 'bo', pin: pins.ana })).toBe('BAD_INPUT')
  const text = JSON.stringify(gateway.entries())
  for (const pin of Object.values(pins)) expect(text).not.toContain(pin)
  expect(text).toContain('"person.added"')
})

test('once there are several, a window of the host alone proves nobody; and who leaves locks the page', async () => {
  const { gateway } = await begin(simplePolicy())
  const window = openPage(gateway.core.pages, 'approval', 'native')
  expect(await window.call('presence.state')).toMatchObject({ present: true })
  await addPeople(gateway, [{ name: 'ana' }])
  expect(await window.call('presence.state')).toMatchObject({ present: false, proof: 'pin', who: null })
  await window.call('presence.prove', { pin: pins.ana, person: 'Ana' })
  expect(await window.call('presence.state')).toMatchObject({ present: true, who: { name: 'ana', admin: false } })
  await window.call('presence.leave')
  expect(await window.call('presence.state')).toMatchObject({ present: false, who: null })
  expect(await window.refusal('people.back')).toBe('PRESENCE_REQUIRED')
})

test('people, their groups and their absence outlive a restart; a first answer does not', async () => {
  const { gateway, write } = await begin(takes('answers: 2'))
  const { ids } = await addPeople(gateway, all)
  const ana = await pageOf(gateway, 'ana')
  const until = new Date(Date.now() + 3_600_000).toISOString()
  await ana.call('people.away', { until, delegate: ids.bo })
  void write().catch(() => 'it ended with its gateway')
  const { id } = await gateway.pending('write_note')
  await answerAt(ana, id)
  await gateway.stop()
  const second = await startGateway({ profile: gateway.profile, settings: { hold_sec: 3600 } })
  expect(await second.core.handlers['approvals.list']({}, person)).toEqual([])
  const list = await second.core.handlers['people.list']({}, person)
  expect(list.find(({ name }) => name === 'ana')).toMatchObject({
    groups: ['security'],
    away: { until, delegate: { name: 'bo' } },
  })
  await pageOf(second, 'ana')
  await second.stop()
})
