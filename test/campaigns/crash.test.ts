import { join } from 'node:path'
import { expect, test } from 'vitest'
import { instancePaths } from '../../src-main/host/paths.ts'
import { campaign } from '../fakes/campaign.ts'
import { testFolder } from '../fakes/folder.ts'
import { startGateway } from '../fakes/gateway.ts'
import { until } from '../fakes/processes.ts'
import {
  missingComplaints,
  orderComplaints,
  paramsOf,
  recordedCalls,
  type SentCall,
  verifyComplaints,
} from './audit-trail.ts'
import { startClient, startHost } from './child.ts'
import { allGone, familyOf } from './family.ts'
import { kinds } from './fault-run.ts'
import { reachedServer } from './reached.ts'
import { random } from './shuffled.ts'

const clients = 4
const callsEach = 50
const { policy } = kinds['allowed write']

/** A gateway with four busy clients is killed when `deadline` calls have come to the servers; gives what was sent and told. */
async function crash(folder: string, round: number, next: () => number): Promise<SentCall[]> {
  const profile = join(folder, 'profile')
  const log = join(folder, 'calls.log')
  const host = await startHost({ profile, policy })
  if (round === 0) await host.ask('addServer', 'notes', 'notes-server', log)
  const before = reachedServer(log).length
  const connected = await Promise.all(Array.from({ length: clients }, () => startClient(profile, 'notes')))
  const family = familyOf([host.pid, ...connected.map(({ pid }) => pid)])

  const sent: SentCall[] = []
  const told = connected.flatMap((client, number) =>
    Array.from({ length: callsEach }, async (_, index) => {
      const draw = next()
      const tool = draw < 0.4 ? 'read_note' : draw < 0.8 ? 'write_note' : 'delete_note'
      const args = { text: `round ${round}, client ${number}, call ${index}` }
      const call: SentCall = { params: paramsOf(tool, args) }
      sent.push(call)
      const answer = await client.call(tool, args)
      if (answer) call.told = answer
    }),
  )
  const deadline = before + Math.floor(next() * clients * callsEach * 0.7)
  await until('enough calls came to the servers', () => reachedServer(log).length >= deadline)
  host.process.kill('SIGKILL')
  await Promise.all(told)
  await allGone(family, folder)
  return sent
}

test('kill -9 of a busy gateway at any time, again and again: no call reached a server, and no answer a client, off the record', {
  timeout: 900_000,
}, async ({ task }) => {
  const seed = 11
  const rounds = campaign(task, { sample: 4, full: 60, seed })
  const next = random(seed)
  const folder = testFolder()
  const { database, profile, ...paths } = instancePaths(join(folder, 'profile'))
  let [lastSeq, arrived] = [0, 0]

  for (let round = 0; round < rounds; round++) {
    const sent = await crash(folder, round, next)
    const calls = recordedCalls(
      database,
      sent.map(({ params }) => params),
      lastSeq,
    )
    const reached = reachedServer(join(folder, 'calls.log'))
    expect(verifyComplaints({ database, profile, ...paths }), `round ${round}`).toEqual([])
    expect(missingComplaints(calls, sent, reached.slice(arrived)), `round ${round}`).toEqual([])
    arrived = reached.length
    lastSeq = Math.max(lastSeq, ...calls.flatMap(({ entries }) => entries.map(({ seq }) => seq)))
  }
  const gateway = await startGateway({ profile })
  await gateway.stop()
  expect(orderComplaints(recordedCalls(database, []))).toEqual([])
  expect(verifyComplaints({ database, profile, ...paths })).toEqual([])
})
