import { join } from 'node:path'
import { expect, test } from 'vitest'
import { instancePaths } from '../../src-main/host/paths.ts'
import { campaign } from '../fakes/campaign.ts'
import { testFolder } from '../fakes/folder.ts'
import { simplePolicy } from '../fakes/gateway.ts'
import { events, verifyComplaints } from './audit-trail.ts'
import { startHost } from './child.ts'
import { allGone, familyOf } from './family.ts'

test('of two gateways that start on one profile at the same instant, exactly one serves', {
  timeout: 600_000,
}, async ({ task }) => {
  const rounds = campaign(task, { sample: 20, full: 200, seed: 0 })
  const folder = testFolder()
  const profile = join(folder, 'profile')
  const paths = instancePaths(profile)

  for (let round = 1; round <= rounds; round++) {
    const hosts = await Promise.all([1, 2].map(() => startHost({ profile, policy: simplePolicy(), race: true })))
    const family = familyOf(hosts.map(({ pid }) => pid))
    for (const host of hosts) host.write('start')
    const results = await Promise.allSettled(hosts.map((host) => host.line((line) => line === 'ready' || undefined)))

    const lost = results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []))
    expect(lost, `round ${round}`).toEqual([expect.stringContaining('already serves this profile')])
    // Every other winner is killed, so that the next two find what it leaves behind.
    for (const { process: child } of hosts) child.kill(round % 2 === 0 ? 'SIGTERM' : 'SIGKILL')
    await Promise.all(hosts.map(({ ended }) => ended))
    await allGone(family, folder)
    expect(verifyComplaints(paths)).toEqual([])
  }
  expect(events(paths.database).filter(({ name }) => name === 'gateway.started')).toHaveLength(rounds)
})
