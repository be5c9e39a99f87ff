import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, describe, expect, test } from 'vitest'
import type { ApprovalView, GrantCoverage, GrantOffer } from '../../shared/approval.ts'
import { systemClock } from '../../src-main/host/clock.ts'
import { approver, person, simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import type { RawClient } from '../fakes/raw-client.ts'

let gateway: TestGateway
afterEach(() => gateway.close())

/** What destroys and what is graver asks too. */
const policy = simplePolicy().replace(
  'action: destructive } }\n    decision: DENY',
  'action: destructive } }\n    decision: REQUIRE_APPROVAL\n    level: 2\n    accept_risk: 100',
)
const calls = () => gateway.core.handlers

async function begin(options: Parameters<typeof startGateway>[0] = {}): Promise<RawClient> {
  gateway = await startGateway({ policy, ...options })
  await gateway.addServer('notes', 'notes-server')
  for (const folder of ['proj/a', 'proj/b', 'other']) mkdirSync(join(gateway.folder, folder), { recursive: true })
  return verified()
}

async function verified(): Promise<RawClient> {
  const { id } = await calls()['clients.issue']({ name: 'Editor' }, person)
  const client = gateway.connect('notes', ['--entry', id])
  await client.initialize()
  return client
}

const at = (path: string) => ({ path: join(gateway.folder, path), text: 'x' })

/** A call that a person answers. */
async function answered(client: RawClient, args: object, answer: 'approve' | 'deny', tool = 'write_note') {
  const call = client.call(tool, args)
  const { id, shown_hash } = await gateway.pending(tool)
  await calls()['approvals.answer']({ id, answer, shown_hash, reason: 'because' }, approver)
  await call
}

type Looked = { view: ApprovalView; offers: GrantOffer[]; coverage: GrantCoverage[]; done: Promise<unknown> }

/** A call that waits, with what is offered for it. */
async function held(client: RawClient, args: object, tool = 'write_note'): Promise<Looked> {
  const done = client.call(tool, args)
  const view = await gateway.pending(tool)
  const offers = await calls()['approvals.offers']({ id: view.id }, person)
  const coverage = await calls()['approvals.coverage']({ id: view.id }, person)
  return { view, offers, coverage, done }
}

async function denied({ view, done }: Looked): Promise<void> {
  await gateway.answer(view, 'deny')
  await done
}

/** For each offer in words, how many earlier calls it would have covered. */
const counts = ({ offers, coverage }: Looked) =>
  offers.map(({ id, scope, bounds }) => {
    const folder = bounds.find(({ is }) => is === 'under')?.value.slice(gateway.folder.length + 1)
    return [folder ?? scope, coverage.find(({ offer }) => offer === id)?.calls.length]
  })

const suggestion = ({ offers }: Looked) => offers.find(({ suggested }) => suggested !== null) ?? null

describe('what an offer would have covered', () => {
  test('is told for each by what a grant would decide: exact, in folders, of the tool; not of others', async () => {
    const client = await begin()
    symlinkSync(join(gateway.folder, 'other'), join(gateway.folder, 'proj/a/link'))
    for (const path of ['proj/a/1.md', 'proj/a/2.md', 'proj/b/3.md', 'proj/a/link/4.md', 'other/5.md']) {
      await answered(client, at(path), 'approve')
    }
    await answered(client, { ...at('proj/a/6.md'), mode: 'force' }, 'deny')
    await answered(client, { path: join(gateway.folder, 'proj/a/7.md') }, 'deny', 'delete_note')
    const look = await held(client, at('proj/a/1.md'))
    expect(counts(look)).toEqual([
      ['call', 1],
      ['proj/a', 2],
      ['proj', 3],
      ['tool', 6],
    ])
    expect(look.coverage.every(({ asked, unknown }) => asked === 7 && unknown === 0)).toBe(true)
    const [newest] = look.coverage[2]?.calls ?? []
    expect(newest).toMatchObject({
      answer: 'approved',
      same_session: true,
      places: [join(gateway.folder, 'proj/b/3.md')],
    })
    await denied(look)
    const stranger = await held(await verified(), at('proj/a/1.md'))
    expect(stranger.coverage.every(({ asked, calls }) => asked === 0 && calls.length === 0)).toBe(true)
    await denied(stranger)
  })

  test('is said not to be known where too little was kept, and nothing older than a week counts', async () => {
    let later = 0
    const client = await begin({ ports: { clock: { ...systemClock, now: () => Date.now() + later } } })
    await answered(client, at('proj/a/1.md'), 'approve')
    const first = await held(client, at('proj/a/2.md'))
    expect(first.coverage[1]).toMatchObject({ unknown: 0, calls: [{ answer: 'approved' }] })
    await denied(first)
    const database = new DatabaseSync(gateway.paths.database)
    database.exec("UPDATE replay_pictures SET body = json_remove(body, '$.asked')")
    database.close()
    const second = await held(client, at('proj/a/2.md'))
    expect(second.coverage.map(({ asked, unknown, calls }) => [asked, unknown, calls.length])).toEqual([
      ...Array(4).fill([2, 2, 0]),
    ])
    await denied(second)
    later = 8 * 24 * 3_600_000
    const third = await held(client, at('proj/a/2.md'))
    expect(third.coverage[0]).toMatchObject({ asked: 0, unknown: 0 })
    await denied(third)
  })

  test('is told from digests: what is kept holds no argument, and differs from profile to profile', async () => {
    const kept = []
    for (const _profile of [1, 2]) {
      const client = await begin()
      await answered(client, { text: 'x', amount: 4711 }, 'approve')
      const database = new DatabaseSync(gateway.paths.database)
      const [row] = database.prepare("SELECT body FROM replay_pictures WHERE body LIKE '%asked%'").all()
      database.close()
      const { asked } = JSON.parse(String(row?.body))
      expect(asked.leaves).toHaveLength(2)
      expect(JSON.stringify(asked)).not.toContain('4711')
      kept.push(asked.leaves[1].value)
      await gateway.close()
    }
    expect(kept[0]).not.toBe(kept[1])
  })
})

describe('what is suggested', () => {
  test('is the folder that a person allowed three times, bounded as other offers, and recorded as suggested', async () => {
    const client = await begin()
    for (const path of ['proj/a/1.md', 'proj/b/2.md']) await answered(client, at(path), 'approve')
    const early = await held(client, at('proj/a/deep/3.md'))
    expect(suggestion(early)).toBe(null)
    await gateway.answer(early.view, 'approve')
    await early.done
    // Two above what this call names, where no other offer reaches.
    const look = await held(client, at('proj/a/deep/er/4.md'))
    const found = suggestion(look)
    expect(found).toMatchObject({ scope: 'bounded', suggested: 3, durations: ['session', 'hours', 'unchanged'] })
    expect(found?.bounds).toContainEqual({ at: '/path', is: 'under', value: join(gateway.folder, 'proj') })
    const listed = await calls()['approvals.suggestions']({}, person)
    expect(listed).toMatchObject([
      { server: 'notes', tool: 'write_note', folder: join(gateway.folder, 'proj'), times: 3, waiting: look.view.id },
    ])
    const grant = { offer: found?.id ?? '', duration: 'hours' as const, hours: 8 }
    const { id, shown_hash } = look.view
    await calls()['approvals.answer']({ id, answer: 'approve', shown_hash, reason: '', grant }, person)
    await look.done
    expect((await client.call('write_note', at('proj/b/5.md'))).outcome).toBe('ok')
    const outside = await held(client, at('other/6.md'))
    await denied(outside)
    const settled = gateway
      .entries()
      .flatMap((entry) => (entry.kind === 'event' && entry.event === 'approval.settled' ? [entry.detail] : []))
    expect(settled.filter((detail) => 'suggested' in detail)).toMatchObject([{ grant: 'hours', suggested: 3 }])
  })

  test.each([
    ['a person denied one of them', 'deny', {}],
    ['what was asked held a secret', 'approve', { text: 'AKIAIOSFODNN7EXAMPLQ' }],
    ['other arguments came with them', 'approve', { mode: 'force' }],
  ] as const)('is nothing where %s', async (_why, answer, more) => {
    const client = await begin()
    for (const path of ['proj/a/1.md', 'proj/a/2.md']) await answered(client, at(path), 'approve')
    await answered(client, { ...at('proj/a/3.md'), ...more }, answer)
    if (answer === 'deny') await answered(client, at('proj/a/4.md'), 'approve')
    const look = await held(client, at('proj/a/9.md'))
    expect(suggestion(look)).toBe(null)
    await denied(look)
  })

  test('is nothing for what destroys, from level 3 on, and above protected places', async () => {
    const client = await begin()
    for (const path of ['proj/a/1.md', 'proj/a/2.md', 'proj/a/3.md']) {
      await answered(client, { path: join(gateway.folder, path) }, 'approve', 'delete_note')
    }
    const destroys = await held(client, { path: join(gateway.folder, 'proj/a/9.md') }, 'delete_note')
    expect(suggestion(destroys)).toBe(null)
    await denied(destroys)
    for (const path of ['1.md', 'other/2.md', 'proj/3.md']) await answered(client, at(path), 'approve')
    const above = await held(client, at('proj/a/9.md'))
    // The profile of Toolgate lies in the folder that all of them share.
    expect(suggestion(above)).toBe(null)
    expect(await calls()['approvals.suggestions']({}, person)).toEqual([])
    await denied(above)
    await gateway.close()
    const grave = await begin({ policy: policy.replace('level: 1', 'level: 3') })
    for (const path of ['proj/a/1.md', 'proj/a/2.md', 'proj/a/3.md']) await answered(grave, at(path), 'approve')
    const look = await held(grave, at('proj/a/9.md'))
    expect(suggestion(look)).toBe(null)
    await denied(look)
  })
})
