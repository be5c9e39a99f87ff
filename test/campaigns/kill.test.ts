import { expect, test } from 'vitest'
import { instancePaths } from '../../src-main/host/paths.ts'
import { campaign } from '../fakes/campaign.ts'
import { startGateway } from '../fakes/gateway.ts'
import { until } from '../fakes/processes.ts'
import {
  missingComplaints,
  orderComplaints,
  paramsOf,
  type RecordedCall,
  recordedCalls,
  verifyComplaints,
} from './audit-trail.ts'
import { startClient } from './child.ts'
import { allGone } from './family.ts'
import { type FaultRun, type Kind, kinds, type Point, passes, points, startRun } from './fault-run.ts'
import { shuffled } from './shuffled.ts'

const victims = ['gateway', 'shim', 'client', 'server'] as const
type Victim = (typeof victims)[number]

const stages = (Object.keys(kinds) as Kind[]).flatMap((kind) =>
  points.filter((point) => passes(kind, point)).map((point) => ({ kind, point })),
)

/** A gateway that lost one of its peers closes the call and goes on serving; then it is ended as any gateway is. */
async function outlive(run: FaultRun, victim: Victim): Promise<void> {
  const { host, profile, folder, family, processes, watchdog } = run
  await host.ask('go')
  if (victim === 'server' && run.unanswered) {
    await host.ask('waits', run.tool)
    await host.ask('answer', run.tool, 'approve')
  }
  const { database } = instancePaths(profile)
  if (victim === 'server') {
    await run.told
    // Its client stays. A call that is sent before the end is noticed is lost with the server; those after have a new one.
    const again = async () => (await run.client.call('read_note', { text: 'next' }))?.outcome === 'ok'
    await until('a call has a new server', again)
    run.client.process.stdin?.end()
  }
  await allGone(family, folder, [processes.gateway, watchdog])
  await until('the call is closed', () => orderComplaints(recordedCalls(database, [])).length === 0)

  const next = await startClient(profile, 'notes')
  expect(await next.call('read_note', { text: 'next' })).toMatchObject({ outcome: 'ok' })
  next.process.stdin?.end()
  expect(await next.ended).toBe(0)
  host.process.kill('SIGTERM')
  expect(await host.ended).toBe(0)
}

/** What is wrong with the log of a run that is over; `still` also when it was not started again yet. */
function complaints(run: FaultRun, still: 'open' | 'closed'): string[] {
  const paths = instancePaths(run.profile)
  const reached = run.reached().filter((params) => params !== paramsOf('read_note', { text: 'next' }))
  const calls = recordedCalls(
    paths.database,
    run.sent.map(({ params }) => params),
  )
  return [
    ...verifyComplaints(paths),
    ...missingComplaints(calls, run.sent, reached),
    ...(still === 'closed' ? orderComplaints(calls) : []),
  ]
}

function openCalls(calls: readonly RecordedCall[]): string[] {
  return calls.filter(({ entries }) => entries.at(-1)?.state !== 'closed').map(({ id }) => id)
}

async function killAt(victim: Victim, kind: Kind, point: Point): Promise<void> {
  const run = await startRun(kind, point)
  try {
    process.kill(run.processes[victim].pid, 'SIGKILL')
    if (victim !== 'gateway') await outlive(run, victim)
    await allGone(run.family, run.folder)
    await run.told
    expect(complaints(run, victim === 'gateway' ? 'open' : 'closed')).toEqual([])

    const { database } = instancePaths(run.profile)
    const open = openCalls(recordedCalls(database, []))
    const gateway = await startGateway({ profile: run.profile })
    try {
      expect(gateway.core.audit.openCalls()).toEqual([])
      const closed = recordedCalls(database, []).filter(({ id }) => open.includes(id))
      expect(closed.map(({ entries }) => entries.at(-1)?.outcome)).toEqual(open.map(() => 'interrupted'))
      expect(complaints(run, 'closed')).toEqual([])
      if (victim !== 'gateway') return
      const client = gateway.connect('notes')
      await client.initialize()
      expect((await client.call('read_note', { text: 'next' })).outcome).toBe('ok')
    } finally {
      await gateway.stop()
    }
    expect(complaints(run, 'closed')).toEqual([])
    await allGone(run.family, run.folder)
  } finally {
    for (const { process: child } of [run.client, run.host]) child.kill('SIGKILL')
    run.remove()
  }
}

test.for(victims)(
  'kill -9 of the %s at any stage of a call: no process is left, no decision is lost, the audit verifies',
  { timeout: 600_000 },
  async (victim, { task }) => {
    const seed = 20261121 + victims.indexOf(victim)
    const size = campaign(task, { sample: 6, full: stages.length, seed })
    const failures: string[] = []
    for (const { kind, point } of shuffled(stages, seed).slice(0, size)) {
      await killAt(victim, kind, point).catch((error: Error) => failures.push(`${kind} at ${point}: ${error.message}`))
    }
    expect(failures).toEqual([])
  },
)
