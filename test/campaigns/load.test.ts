import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { instancePaths } from '../../src-main/host/paths.ts'
import { campaign } from '../fakes/campaign.ts'
import { testFolder } from '../fakes/folder.ts'
import { simplePolicy } from '../fakes/gateway.ts'
import { until } from '../fakes/processes.ts'
import { orderComplaints, recordedCalls, verifyComplaints } from './audit-trail.ts'
import { type Host, startHost } from './child.ts'
import { allGone, familyOf } from './family.ts'
import { type Load, runLoad, type Tally } from './load-run.ts'
import { runTroubled } from './troubled.ts'

/** What the gateway's process holds: memory in bytes after a garbage collection, open files, and what keeps it alive. */
type Holding = { rss: number; heapUsed: number; alive: Record<string, number>; files: number }

const mebibytes = (bytes: number) => Math.round((bytes / 2 ** 20) * 10) / 10

async function holdingOf(host: Host): Promise<Holding> {
  const held = (await host.ask('holds')) as Omit<Holding, 'files'>
  return { ...held, files: readdirSync(`/proc/${host.pid}/fd`).length }
}

function toldOf(what: string, { rss, heapUsed, files, alive }: Holding): string {
  return `${what}: RSS ${mebibytes(rss)} MiB, heap ${mebibytes(heapUsed)} MiB, ${files} files, ${JSON.stringify(alive)}`
}

/** Ends the clients' tokens, and waits until no session, no thread, and no process but the gateway's own is left. */
async function empty(host: Host, tokens: string[], marker: string, own: ReturnType<typeof familyOf>): Promise<void> {
  const family = familyOf([host.pid])
  for (const id of tokens.splice(0)) await host.ask('door', 'clients.revoke', JSON.stringify({ id }))
  const sessions = async () => ((await host.ask('door', 'status')) as { sessions: number }).sessions
  await until('no session is left', async () => (await sessions()) === 0)
  await allGone(family, marker, own)
  await until('the thread that moves records rests', async () => !(await holdingOf(host)).alive.MessagePort, 15_000)
}

function checkTally({ sent, fates, vanished, killed }: Tally, { clients, servers, calls }: Load): void {
  expect(sent).toBeGreaterThanOrEqual(clients * servers * calls)
  expect([...fates.values()].reduce((sum, count) => sum + count, 0)).toBe(sent)
  expect(fates.get('lost') ?? 0).toBe(0)
  for (const fate of ['ok', 'TOOL_UNKNOWN', 'cancelled', 'gone', 'SERVER_EXITED']) {
    expect(fates.get(fate), `calls that ended with ${fate}`).toBeGreaterThan(0)
  }
  expect(Math.min(vanished, killed)).toBeGreaterThan(0)
}

test('many clients, some of which vanish, cancel or lose their server: every call ends, and nothing is left of them', {
  timeout: 900_000,
}, async ({ task }) => {
  const seed = 20261130
  const full = 50
  const clients = campaign(task, { sample: 8, full, seed })
  const load: Load = clients === full ? { clients, servers: 4, calls: 200 } : { clients, servers: 2, calls: 40 }
  const folder = testFolder()
  const profile = join(folder, 'profile')
  const host = await startHost({ profile, policy: simplePolicy(), http: { port: 0 } })
  try {
    for (let server = 0; server < load.servers; server++) {
      await host.ask('addServer', `odd-${server}`, 'odd-server', '', '{"ODD_MODERN":"1"}')
    }
    const cue = join(folder, 'cue')
    writeFileSync(cue, '')
    await host.ask('addServer', 'frail', 'frail-server', '', JSON.stringify({ FRAIL_CUE: cue }))
    const own = familyOf([host.pid])
    const tokens: string[] = []
    const tokenFor = async (name: string) => {
      const made = await host.ask('door', 'tokens.create', JSON.stringify({ name }))
      const { client, token } = made as { client: { id: string }; token: string }
      tokens.push(client.id)
      return token
    }
    const target = { profile, port: (await host.ask('port')) as number, tokenFor }
    const trouble = clients === full ? { clients: 4, rounds: 5 } : { clients: 2, rounds: 2 }
    const inTrouble = () => runTroubled(host, { ...target, server: 'frail', cue }, trouble)

    // What a process keeps after its first work with as many sessions (code, caches, the allocators' reserve) is no leak.
    const warm: Load = { ...load, calls: clients === full ? 20 : 40 }
    const [warmed] = await Promise.all([runLoad(target, warm, seed + 1_000_000), inTrouble()])
    checkTally(warmed, warm)
    // Whether a load is quick enough to start it depends on the machine; what its first start leaves is no leak either.
    await host.ask('startsThread')
    await empty(host, tokens, folder, own)
    const before = await holdingOf(host)

    const started = performance.now()
    const [tally, troubled] = await Promise.all([runLoad(target, load, seed), inTrouble()])
    const seconds = Math.round((performance.now() - started) / 100) / 10
    await empty(host, tokens, folder, own)
    let after = await holdingOf(host)
    const atOnce = after
    // Memory that the collector freed goes back to the system by and by.
    const idle = performance.now()
    const isBack = async () => {
      after = await holdingOf(host)
      return after.rss < before.rss * 1.1
    }
    await until('its memory is back', isBack, 30_000).catch(() => {})
    const idleSeconds = Math.round((performance.now() - idle) / 100) / 10
    console.info(
      [
        `${tally.sent} calls in ${seconds} s, ${tally.vanished} clients vanished, ${tally.killed} servers killed`,
        JSON.stringify(Object.fromEntries(tally.fates)),
        `a server that kept ending: ${JSON.stringify(Object.fromEntries(troubled))}`,
        toldOf('before', before),
        toldOf('after', atOnce),
        toldOf(`${idleSeconds} s later`, after),
      ].join('\n'),
    )
    checkTally(tally, load)
    expect(troubled.get('ok')).toBe(trouble.clients * trouble.rounds)
    expect(troubled.get('SERVER_CRASHING')).toBe(trouble.clients * trouble.rounds)
    expect(await host.ask('openCalls')).toEqual([])
    expect(Math.abs(after.files - before.files)).toBeLessThanOrEqual(5)
    expect(after.alive).toEqual(before.alive)
    expect(after.rss).toBeLessThan(before.rss * 1.1)
    expect(after.heapUsed).toBeLessThan(before.heapUsed * 1.1)

    const paths = instancePaths(profile)
    const calls = recordedCalls(paths.database, [])
    expect(orderComplaints(calls)).toEqual([])
    host.process.kill('SIGTERM')
    expect(await host.ended).toBe(0)
    expect(verifyComplaints(paths)).toEqual([])
  } finally {
    host.process.kill('SIGKILL')
  }
})
