import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { instancePaths } from '../../src-main/host/paths.ts'
import { testFolder } from '../fakes/folder.ts'
import { simplePolicy, startGateway } from '../fakes/gateway.ts'
import { until } from '../fakes/processes.ts'
import { orderComplaints, recordedCalls, verifyComplaints } from './audit-trail.ts'
import { type Child, type Client, startClient, startServe } from './child.ts'
import { allGone, familyOf } from './family.ts'

type Parties = { client: Client; gateway: Child }

/** Ways in which a session ends that nobody has to hurry for. */
const ends: Record<string, (parties: Parties) => void> = {
  'the client closes its connection': ({ client }) => void client.process.stdin?.end(),
  'the client gets SIGTERM': ({ client }) => void client.process.kill('SIGTERM'),
  'the shim gets SIGTERM': ({ client }) => void process.kill(client.shim, 'SIGTERM'),
  'the shim gets SIGHUP': ({ client }) => void process.kill(client.shim, 'SIGHUP'),
  'the gateway gets SIGTERM': ({ gateway }) => void gateway.process.kill('SIGTERM'),
  'the gateway gets SIGINT': ({ gateway }) => void gateway.process.kill('SIGINT'),
  'the gateway is killed': ({ gateway }) => void gateway.process.kill('SIGKILL'),
}

const servers = {
  'a polite server': { size: 2, stubborn: false },
  'a server with descendants, all of which ignore the end of their input and SIGTERM': { size: 5, stubborn: true },
} as const

const cases = Object.keys(ends).flatMap((end) =>
  (Object.keys(servers) as (keyof typeof servers)[]).map((server) => [end, server] as const),
)

test.for(cases)('%s, during a call of %s: nothing is left', async ([end, kind]) => {
  const { size, stubborn } = servers[kind]
  const folder = testFolder()
  const profile = join(folder, 'profile')
  const paths = instancePaths(profile)
  const env = { NOTES_LOG: join(folder, 'calls.log'), STUBBORN: join(folder, 'stubborn') }
  const before = await startGateway({ profile, policy: simplePolicy() })
  await before.addServer('notes', 'stubborn-notes-server', env)
  await before.stop()
  if (stubborn) writeFileSync(env.STUBBORN, '')

  const gateway = await startServe(profile)
  const client = await startClient(profile, 'notes')
  void client.call('read_note', { hold: true })
  const family = () => familyOf([gateway.pid, client.pid])
  const serversIn = () => family().filter(({ command }) => command.includes('/servers/'))
  const calls = () => recordedCalls(paths.database, [])
  await until('the call is with the server', () => calls()[0]?.entries.at(-1)?.state === 'forwarding')
  await until('the server has all of its processes', () => serversIn().length === size)
  const all = family()
  const survivor = end.startsWith('the gateway') ? [] : all.filter((one) => one.pid === gateway.pid || isWatchdog(one))

  ends[end]?.({ client, gateway })
  await allGone(all, folder, survivor)
  if (survivor.length > 0) {
    await until('the call is closed', () => orderComplaints(calls()).length === 0)
    rmSync(env.STUBBORN, { force: true })
    expect(await (await startClient(profile, 'notes')).call('read_note', {})).toMatchObject({ outcome: 'ok' })
    const rest = familyOf([gateway.pid])
    gateway.process.kill('SIGTERM')
    expect(await gateway.ended).toBe(0)
    await allGone([...all, ...rest], folder)
  }
  expect(verifyComplaints(paths)).toEqual([])
  if (end !== 'the gateway is killed') expect(orderComplaints(calls())).toEqual([])
})

function isWatchdog({ command }: { command: string }): boolean {
  return command.includes('groups=')
}
