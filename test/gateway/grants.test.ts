import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { ApprovalView, GrantOffer } from '../../shared/approval.ts'
import { person, simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import { movedClock } from '../fakes/moved-clock.ts'
import type { RawClient } from '../fakes/raw-client.ts'

let gateway: TestGateway
afterEach(() => gateway.close())

/** What destroys asks too: else nobody could grant it. */
const policy = simplePolicy().replace(
  'action: destructive } }\n    decision: DENY',
  'action: destructive } }\n    decision: REQUIRE_APPROVAL\n    level: 2\n    accept_risk: 100',
)

const calls = () => gateway.core.handlers

async function begin(options: Parameters<typeof startGateway>[0] = {}): Promise<RawClient> {
  gateway = await startGateway({ policy, ...options })
  await gateway.addServer('notes', 'notes-server')
  return verified()
}

async function verified(id?: string): Promise<RawClient> {
  const entry = id ?? (await calls()['clients.issue']({ name: 'Editor' }, person)).id
  const client = gateway.connect('notes', ['--entry', entry])
  await client.initialize()
  return client
}

async function offersOf(view: ApprovalView): Promise<GrantOffer[]> {
  return calls()['approvals.offers']({ id: view.id }, person)
}

/** Answers a call that waits with the first offer of a scope. */
async function allow(
  view: ApprovalView,
  scope: GrantOffer['scope'],
  duration: GrantOffer['durations'][number],
  hours?: number,
  most?: number,
): Promise<void> {
  const offer = (await offersOf(view)).find((it) => it.scope === scope)
  if (!offer) throw new Error(`no offer for ${scope}`)
  const bounds = { ...(hours === undefined ? {} : { hours }), ...(most === undefined ? {} : { calls: most }) }
  const grant = { offer: offer.id, duration, ...bounds }
  await calls()['approvals.answer'](
    { id: view.id, answer: 'approve', shown_hash: view.shown_hash, reason: '', grant },
    person,
  )
}

/** How a call ends, or `asked` when it waits for a person, who then says no. */
async function outcome(client: RawClient, tool: string, args: object): Promise<string> {
  let done: string | null = null
  const call = client.call(tool, args).then((it) => {
    done = it.outcome
    return it
  })
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 5))
    if (done !== null) return done
    const [view] = await calls()['approvals.list']({}, person)
    if (!view) continue
    await gateway.answer(view, 'deny')
    await call
    return 'asked'
  }
}

/** Makes a call and has it granted. */
async function granted(
  client: RawClient,
  tool: string,
  args: object,
  ...how: [GrantOffer['scope'], GrantOffer['durations'][number], number?, number?]
): Promise<void> {
  const call = client.call(tool, args)
  await allow(await gateway.pending(tool), ...how)
  expect((await call).outcome).toBe('ok')
}

const grants = (all = true) => calls()['grants.list']({ all }, person)
const ended = () =>
  gateway
    .entries()
    .flatMap((entry) => (entry.kind === 'event' && entry.event === 'grant.ended' ? [entry.detail.why] : []))

test('a grant for some calls lets that many run, asks about others that came at once, and is then spent', async () => {
  const client = await begin()
  await granted(client, 'write_note', { text: '0' }, 'tool', 'hours', 1, 3)
  expect(await outcome(client, 'write_note', { text: '1' })).toBe('ok')
  expect(await grants(false)).toMatchObject([{ used: 1, max_uses: 3, state: 'active' }])
  const atOnce = ['2', '3', '4', '5'].map((text) => client.call('write_note', { text }))
  await expect.poll(async () => (await calls()['approvals.list']({}, person)).length).toBe(2)
  for (const view of await calls()['approvals.list']({}, person)) await gateway.answer(view, 'deny')
  const outcomes = (await Promise.all(atOnce)).map((it) => it.outcome).sort()
  expect(outcomes).toEqual(['APPROVAL_DENIED', 'APPROVAL_DENIED', 'ok', 'ok'])
  expect(await grants()).toMatchObject([{ used: 3, max_uses: 3, state: 'spent' }])
  const settled = gateway.entries().flatMap((entry) => (entry.kind === 'event' ? [entry] : []))
  expect(settled.find(({ event }) => event === 'approval.settled')?.detail).toMatchObject({ grant_calls: 3 })
})

describe('what is offered', () => {
  test('narrowest first, nothing lasting for what destroys, and nothing that outlives its session for a name that is only claimed', async () => {
    const client = await begin()
    const folder = join(gateway.folder, 'docs', 'deep')
    mkdirSync(folder, { recursive: true })
    const scopes = async (from: RawClient, tool: string, args: object) => {
      const call = from.call(tool, args)
      const view = await gateway.pending(tool)
      const offers = await offersOf(view)
      await gateway.answer(view, 'deny')
      await call
      return offers.map(({ scope, durations }) => [scope, ...durations])
    }
    expect(await scopes(client, 'write_note', { path: join(folder, 'a.md'), text: 'x' })).toEqual([
      ['call', 'once', 'session', 'hours', 'unchanged'],
      ['bounded', 'session', 'hours', 'unchanged'],
      ['bounded', 'session', 'hours', 'unchanged'],
      ['tool', 'session', 'hours'],
    ])
    expect(await scopes(client, 'delete_note', { path: join(folder, 'a.md') })).toEqual([
      ['call', 'once', 'session', 'hours'],
      ['bounded', 'session', 'hours'],
      ['bounded', 'session', 'hours'],
    ])
    const claimed = gateway.connect('notes')
    await claimed.initialize()
    expect(await scopes(claimed, 'write_note', { text: 'x' })).toEqual([
      ['call', 'once', 'session'],
      ['tool', 'session'],
    ])
  })

  test('an offer is for the very call that it was made for, and for no longer than it says', async () => {
    const client = await begin()
    const call = client.call('write_note', { text: 'x' })
    const view = await gateway.pending('write_note')
    const [offer] = await offersOf(view)
    const answer = (grant: object) =>
      (async () =>
        calls()['approvals.answer'](
          { id: view.id, answer: 'approve', shown_hash: view.shown_hash, reason: '', grant: grant as never },
          person,
        ))()
    await expect(answer({ offer: 'another', duration: 'session' })).rejects.toThrow('not offered')
    await expect(answer({ offer: offer?.id, duration: 'hours' })).rejects.toThrow('hours are given')
    await expect(answer({ offer: offer?.id, duration: 'hours', hours: 8_000 })).rejects.toThrow('at most')
    await expect(answer({ offer: offer?.id, duration: 'session', hours: 1 })).rejects.toThrow('hours are given')
    expect(await grants()).toEqual([])
    await gateway.answer(view, 'deny')
    await call
  })
})

describe('what is granted', () => {
  test('one exact call runs again and again, another is asked for', async () => {
    const client = await begin()
    await granted(client, 'write_note', { text: 'a' }, 'call', 'hours', 1)
    expect(await outcome(client, 'write_note', { text: 'a' })).toBe('ok')
    expect(await outcome(client, 'write_note', { text: 'b' })).toBe('asked')
    const [grant] = await grants()
    expect(grant).toMatchObject({ state: 'active', scope: 'call', used: 1, server: 'notes', tool: 'write_note' })
    const runs = gateway.entries().filter((entry) => entry.kind === 'call' && entry.grant_id === grant?.id)
    expect(runs.length).toBeGreaterThan(0)
  })

  test('a folder covers what really lies in it, not links out of it, not `..`, not another argument', async () => {
    const client = await begin()
    const folder = join(gateway.folder, 'docs', 'deep')
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(gateway.folder, 'secret.md'), '')
    symlinkSync(join(gateway.folder, 'secret.md'), join(folder, 'link.md'))
    await granted(client, 'write_note', { path: join(folder, 'a.md'), text: 'x' }, 'bounded', 'session')
    const write = (path: string, more: object = {}) => outcome(client, 'write_note', { path, text: 'y', ...more })
    expect(await write(join(folder, 'b.md'))).toBe('ok')
    expect(await write(join(folder, 'new', 'c.md'))).toBe('ok')
    for (const path of [
      join(folder, 'link.md'),
      `${folder}/../up.md`,
      join(gateway.folder, 'docs', 'up.md'),
      '/etc/x',
    ]) {
      expect([path, await write(path)]).toEqual([path, 'asked'])
    }
    expect(await write(join(folder, 'b.md'), { mode: 'force' })).toBe('asked')
    expect(
      await outcome(client, 'write_note', { path: join(folder, 'b.md'), text: join(gateway.folder, 'secret.md') }),
    ).toBe('asked')
  })

  test('another client and another session are asked, also after this one was granted', async () => {
    const client = await begin()
    await granted(client, 'write_note', { text: 'a' }, 'tool', 'session')
    expect(await outcome(client, 'write_note', { text: 'b' })).toBe('ok')
    expect(await outcome(await verified(), 'write_note', { text: 'b' })).toBe('asked')
    const [{ client: owner } = { client: { id: '' } }] = await grants()
    expect(await outcome(await verified(owner.id), 'write_note', { text: 'b' })).toBe('asked')
  })

  test('what waits and is covered runs without another answer', async () => {
    const client = await begin()
    const waiting = ['a', 'b', 'c'].map((text) => client.call('write_note', { text }))
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, 5))
      const views = await calls()['approvals.list']({}, person)
      if (views.length < 3) continue
      await allow(views[0] as ApprovalView, 'tool', 'session')
      break
    }
    expect((await Promise.all(waiting)).map((it) => it.outcome)).toEqual(['ok', 'ok', 'ok'])
  })
})

describe('how a grant ends', () => {
  test('revoked: the very next call asks', async () => {
    const client = await begin()
    await granted(client, 'write_note', { text: 'a' }, 'tool', 'hours', 1)
    const [grant] = await grants()
    await calls()['grants.revoke']({ id: grant?.id ?? '' }, person)
    expect(await outcome(client, 'write_note', { text: 'a' })).toBe('asked')
    expect(ended()).toEqual(['revoked'])
  })

  test('locked: what was given for a session is over', async () => {
    const client = await begin()
    await granted(client, 'write_note', { text: 'a' }, 'tool', 'session')
    expect(await calls()['grants.lock']({}, person)).toEqual({ ended: 1 })
    expect(await outcome(client, 'write_note', { text: 'a' })).toBe('asked')
  })

  test('its time is over, also when the wall clock is put back', async () => {
    const { clock, advance } = movedClock()
    const client = await begin({ ports: { clock } })
    await granted(client, 'write_note', { text: 'a' }, 'tool', 'hours', 1)
    expect(await outcome(client, 'write_note', { text: 'b' })).toBe('ok')
    // The monotonic clock alone goes on: the wall clock was put back by as much.
    advance(3_600_001)
    expect(await outcome(client, 'write_note', { text: 'b' })).toBe('asked')
    expect(ended()).toEqual(['expired'])
  })

  test('extended: it counts on, and no longer than may be asked for', async () => {
    const { clock, advance } = movedClock()
    const client = await begin({ ports: { clock } })
    await granted(client, 'write_note', { text: 'a' }, 'tool', 'hours', 1)
    const [{ id } = { id: '' }] = await grants()
    await expect(async () => calls()['grants.extend']({ id, hours: 8_000 }, person)).rejects.toThrow('at most')
    await calls()['grants.extend']({ id, hours: 2 }, person)
    advance(3_600_001)
    expect(await outcome(client, 'write_note', { text: 'b' })).toBe('ok')
  })

  test('the definition changed, even if it is approved again', async () => {
    gateway = await startGateway({ policy })
    const tools = join(gateway.folder, 'tools.json')
    const tool = (description: string) => [
      { name: 'write_note', description, inputSchema: { type: 'object' }, annotations: { destructiveHint: false } },
    ]
    writeFileSync(tools, JSON.stringify(tool('Writes')))
    await gateway.addServer('notes', 'notes-server', { NOTES_TOOLS: tools })
    const client = await verified()
    await granted(client, 'write_note', { text: 'a' }, 'tool', 'hours', 1)
    writeFileSync(tools, JSON.stringify(tool('Writes anywhere')))
    await gateway.approveServer('notes')
    const [{ client: owner } = { client: { id: '' } }] = await grants()
    expect(await outcome(await verified(owner.id), 'write_note', { text: 'a' })).toBe('asked')
    expect(ended()).toEqual(['definition_changed'])
  })

  test('policy asks for more than it was given for; where it asks for as much, it counts on', async () => {
    const client = await begin()
    await granted(client, 'write_note', { text: 'a' }, 'tool', 'hours', 1)
    const file = join(gateway.paths.policy, 'rules.yaml')
    const inForce = async (text: string) => {
      const { snapshot: before } = await calls()['policy.show']({}, person)
      writeFileSync(file, text)
      for (;;) {
        await new Promise((resolve) => setTimeout(resolve, 20))
        const { snapshot } = await calls()['policy.show']({}, person)
        if (snapshot !== before) return
      }
    }
    await inForce(policy.replace('level: 1', 'level: 1\n    reason: writes ask'))
    expect(await outcome(client, 'write_note', { text: 'b' })).toBe('ok')
    await inForce(policy.replace('level: 1', 'level: 2'))
    expect(await outcome(client, 'write_note', { text: 'b' })).toBe('asked')
    expect(ended()).toEqual(['policy_changed'])
  })

  test('what was granted for hours is there after a restart, what was for a session is not', async () => {
    const client = await begin()
    await granted(client, 'write_note', { text: 'a' }, 'tool', 'hours', 1)
    await granted(client, 'delete_note', { text: 'a' }, 'call', 'session')
    const { profile } = gateway
    const [first] = await calls()['clients.list']({}, person)
    await gateway.stop()
    const old = gateway
    gateway = await startGateway({ profile })
    const again = await verified(first?.id)
    expect(await outcome(again, 'write_note', { text: 'b' })).toBe('ok')
    expect(await outcome(again, 'delete_note', { text: 'a' })).toBe('asked')
    await gateway.stop()
    gateway = old
  })
})
