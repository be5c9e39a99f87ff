import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { instancePaths } from '../../src-main/host/paths.ts'
import { simplePolicy } from '../fakes/gateway.ts'
import { connectClient } from '../fakes/raw-client.ts'
import { orderComplaints, recordedCalls, verifyComplaints } from './audit-trail.ts'
import { type Breakable, breakages, mayMount } from './breakages.ts'
import { type Client, type Host, startClient, startHost } from './child.ts'
import { allGone, familyOf, type Process } from './family.ts'
import { reachedServer } from './reached.ts'

// "Unwritable audit ⇒ the call is not made (or its result not delivered)", with a disk that is full and a database that is
// locked; and the gateway stays, so that everything works again when the cause is gone.

type Scene = Breakable & { host: Host; client: Client; reached: () => number; family: () => Process[] }
type Scenario = {
  what: string
  settings?: { expires_sec?: number; hold_sec?: number }
  point?: string
  play: (scene: Scene) => Promise<void>
}

const unwritable = { outcome: 'AUDIT_UNWRITABLE' }

const scenarios: Scenario[] = [
  {
    what: 'a read is not made',
    async play({ client, host, breakIt, mend, reached }) {
      await breakIt()
      // The journal has room for what comes until the gateway finds that its database takes nothing.
      const first = await client.call('read_note', {})
      expect(first?.outcome).toMatch(/^(ok|AUDIT_UNWRITABLE)$/)
      const made = reached()
      expect(made).toBe(first?.outcome === 'ok' ? 1 : 0)
      await expect
        .poll(async () => await host.ask('door', 'status'), { timeout: 20_000 })
        .toMatchObject({ audit: { writable: false } })
      expect(await client.call('read_note', {})).toMatchObject(unwritable)
      expect(reached()).toBe(made)
      await mend()
    },
  },
  {
    what: 'a denied call stays denied',
    async play({ client, breakIt, mend, reached }) {
      await breakIt()
      expect(await client.call('delete_note', {})).toMatchObject(unwritable)
      expect(reached()).toBe(0)
      await mend()
    },
  },
  {
    what: 'an approval that cannot be recorded is none, and can be given later',
    async play({ client, host, breakIt, mend, reached }) {
      const call = client.call('write_note', {})
      await host.ask('waits', 'write_note')
      await breakIt()
      await expect(host.ask('answer', 'write_note', 'approve')).rejects.toThrow('cannot be written')
      expect(reached()).toBe(0)
      await mend()
      await host.ask('answer', 'write_note', 'approve')
      expect(await call).toMatchObject({ outcome: 'ok' })
      expect(reached()).toBe(1)
    },
  },
  {
    what: 'an answer of the server that cannot be recorded is withheld',
    point: 'answered',
    async play({ profile, client, host, breakIt, mend }) {
      const other = await startClient(profile, 'notes')
      const call = client.call('read_note', { text: 'private' })
      await host.reached('answered')
      await breakIt()
      expect(await other.call('delete_note', {})).toMatchObject(unwritable)
      await host.ask('go')
      const told = await call
      expect(told).toMatchObject(unwritable)
      expect(told?.text).not.toContain('private')
      await mend()
    },
  },
  {
    what: 'a request that runs out is denied',
    settings: { expires_sec: 0.5 },
    async play({ client, host, breakIt, mend, reached }) {
      const call = client.call('write_note', {})
      await host.ask('waits', 'write_note')
      await breakIt()
      expect((await call)?.outcome).toMatch(/^(AUDIT_UNWRITABLE|APPROVAL_EXPIRED)$/)
      expect(reached()).toBe(0)
      await mend()
    },
  },
  {
    what: 'a call that its client leaves is given up',
    async play({ client, host, breakIt, mend, reached, family }) {
      void client.call('write_note', {})
      await host.ask('waits', 'write_note')
      await breakIt()
      const [left, stay] = [familyOf([client.pid]), family()]
      client.process.kill('SIGKILL')
      await allGone(
        left,
        'no marker',
        stay.filter(({ pid }) => pid === host.pid),
      )
      await mend()
      expect(reached()).toBe(0)
    },
  },
  {
    what: 'a message that cannot be read is refused',
    async play({ profile, host, breakIt, mend }) {
      const raw = connectClient(profile, 'notes')
      await raw.initialize()
      await breakIt()
      raw.write('{"jsonrpc":"2.0","id":7,"method":"ping","method":"tools/call"}')
      expect((await raw.line((line) => line.includes('"id":7'))).toString()).toMatch(
        /MALFORMED_MESSAGE|AUDIT_UNWRITABLE/,
      )
      raw.write(`{"jsonrpc":"2.0","id":8,"method":"ping","params":"${'x'.repeat(34_000_000)}"}`)
      expect((await raw.line((line) => line.includes('"id":8'))).toString()).toMatch(
        /MESSAGE_TOO_LARGE|AUDIT_UNWRITABLE/,
      )
      expect(await host.ask('door', 'status')).toMatchObject({ sessions: 2 })
      await mend()
      await raw.close()
    },
  },
  {
    what: 'stopping works all the same',
    async play({ client, host, breakIt, mend, reached }) {
      const call = client.call('write_note', {})
      await host.ask('waits', 'write_note')
      await breakIt()
      await host.ask('door', 'stop', '{"reason":"test"}').catch(() => {})
      expect(await host.ask('door', 'status')).toMatchObject({ stopped: true })
      expect((await call)?.outcome).not.toBe('ok')
      await mend()
      expect(await client.call('read_note', {})).toMatchObject({ outcome: 'STOPPED' })
      expect(reached()).toBe(0)
      await host.ask('door', 'resume')
    },
  },
  {
    what: 'the gateway ends when it is told to, and nothing is left',
    async play({ client, host, breakIt, mend, family }) {
      void client.call('read_note', { hold: true })
      void client.call('write_note', {})
      await host.ask('waits', 'write_note')
      const all = family()
      await breakIt()
      host.process.kill('SIGTERM')
      expect(await host.ended).toBe(0)
      await allGone(all, 'no marker')
      await mend()
    },
  },
  {
    what: 'the gateway does not start',
    async play({ profile, host, breakIt, mend, reached }) {
      host.process.kill('SIGTERM')
      await host.ended
      await breakIt()
      await expect(startHost({ profile })).rejects.toThrow(/cannot be written|disk|locked/)
      expect(reached()).toBe(0)
      await mend()
    },
  },
  {
    what: 'a policy that denies more is in force once it can be recorded, without another change',
    async play({ profile, client, host, breakIt, mend }) {
      const deny = '  - { id: no-leaks, match: { labels: { mcp.tool: leak_read } }, decision: DENY }\n'
      // Written over, not made new: on a full disk there is no room for another file.
      writeFileSync(join(profile, 'policy', 'rules.yaml'), `${simplePolicy()}${'#'.repeat(deny.length - 1)}\n`)
      await breakIt()
      writeFileSync(join(profile, 'policy', 'rules.yaml'), simplePolicy(deny), { flag: 'r+' })
      await expect
        .poll(async () => ((await host.ask('door', 'policy.show')) as { problems: unknown[] }).problems.length, {
          timeout: 20_000,
        })
        .toBe(1)
      expect(await client.call('leak_read', {})).toMatchObject(unwritable)
      await mend()
      await expect
        .poll(async () => (await client.call('leak_read', {}))?.outcome, { timeout: 20_000 })
        .toBe('POLICY_DENIED')
    },
  },
]

const mountable = mayMount()

/** Who meets the lock first waits two seconds for it, so that only these are in every run. */
const lockedSample = [
  'a read is not made',
  'a request that runs out is denied',
  'a message that cannot be read is refused',
]
const full = process.env.TOOLGATE_TEST_FULL === '1'

const cases = (Object.keys(breakages) as (keyof typeof breakages)[]).flatMap((breakage) =>
  scenarios
    .filter(({ what }) => full || breakage === 'a full disk' || !mountable || lockedSample.includes(what))
    .map((scenario) => ({ breakage, ...scenario })),
)

for (const { breakage, what, settings, point, play } of cases) {
  test.skipIf(breakage === 'a full disk' && !mountable)(`${breakage}: ${what}`, async () => {
    const breakable = breakages[breakage]()
    const { profile, folder } = breakable
    const paths = instancePaths(profile)
    const log = join(folder, 'calls.log')
    const host = await startHost({
      profile,
      policy: simplePolicy(),
      ...(settings && { settings }),
      ...(point && { point }),
    })
    await host.ask('addServer', 'notes', 'notes-server', log)
    const client = await startClient(profile, 'notes')
    // Once, so that what a first call needs is there.
    expect(await client.call('no_such_tool', {})).toMatchObject({ outcome: 'TOOL_UNKNOWN' })
    const family = () => familyOf([host.pid, client.pid])
    const all = family()

    await play({ ...breakable, host, client, family, reached: () => reachedServer(log).length })

    const after = host.process.exitCode === null ? host : await startHost({ profile })
    const next = await startClient(profile, 'notes')
    expect(await next.call('read_note', { text: 'next' })).toMatchObject({ outcome: 'ok' })
    await endInOrder(after)
    // The next start closes what could not be closed.
    await endInOrder(await startHost({ profile }))
    await allGone(all, folder)
    expect(verifyComplaints(paths)).toEqual([])
    const calls = recordedCalls(paths.database, [])
    expect(orderComplaints(calls)).toEqual([])
    const forwarded = calls.filter(({ entries }) => entries.some(({ state }) => state === 'forwarding'))
    expect(forwarded).toHaveLength(reachedServer(log).length)
  })
}

async function endInOrder(host: Host): Promise<void> {
  host.process.kill('SIGTERM')
  expect(await host.ended).toBe(0)
}
