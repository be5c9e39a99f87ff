// A gateway process of its own, to be killed: the real core with the headless ports, and a probe that waits at one point.
// Its one argument is JSON {profile, policy?, settings?, http?, point?, race?}. It says `ready` when it listens, and `reached <point>`
// when the first call gets there; that call then waits until `go`. With `race` it says `loaded` and starts on the first line
// that it gets. Commands come as lines [id, name, ...arguments], and are answered by lines [id, value] or [id, null, error].
// SIGTERM ends it in order, as it ends any gateway; so does the end of its input.
import { once } from 'node:events'
import { writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Settings } from '../../shared/settings.ts'
import { startMover } from '../../src-main/core/audit/mover.ts'
import { instancePaths } from '../../src-main/host/paths.ts'
import { person, startGateway } from './gateway.ts'

export type FaultHostOptions = {
  profile: string
  policy?: string
  settings?: Partial<Settings>
  http?: { port: number }
  point?: string
  race?: boolean
}

const { point, race, ...options } = JSON.parse(process.argv[2] ?? '{}') as FaultHostOptions
// Synchronous, so that what was said before a kill has left this process.
const say = (text: string): void => void writeSync(1, `${text}\n`)

if (race) {
  say('loaded')
  await once(process.stdin, 'data')
}

let waited = false
const { promise: told, resolve: go } = Promise.withResolvers<void>()

async function probe(name: string): Promise<void> {
  if (name !== point || waited) return
  waited = true
  say(`reached ${name}`)
  await told
}

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as (how: object) => void

const gateway = await startGateway({ ...options, ports: { probe } })

const commands: Record<string, (...words: string[]) => unknown> = {
  go: () => go(),
  addServer: (name = '', file = '', log = '', env = '{}') =>
    gateway.addServer(name, file, { NOTES_LOG: log, ...JSON.parse(env) }),
  port: () => gateway.core.httpPort,
  openCalls: () => gateway.core.audit.openCalls(),
  /** What this process holds once its garbage is collected: memory in bytes, and what keeps it alive, by kind. */
  holds: async () => {
    // Twice, as what the first frees may hold more; in the way that gives pages back to the system.
    for (let round = 0; round < 2; round++) {
      collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })
      await setTimeout(50)
    }
    const { rss, heapUsed } = process.memoryUsage()
    const alive = Map.groupBy(process.getActiveResourcesInfo(), (kind) => kind)
    return { rss, heapUsed, alive: Object.fromEntries([...alive].map(([kind, all]) => [kind, all.length])) }
  },
  /** Starts the thread that moves records, lets it look at the database, and ends it. */
  startsThread: async () => {
    const mover = startMover(instancePaths(options.profile).database)
    await mover.move({ part: 0, from: 0, through: 0, length: 0 })
    mover.close()
  },
  answer: async (tool = '', answer = '') => void (await gateway.answer(await gateway.pending(tool), answer as 'deny')),
  /** Waits until a call of this tool really waits, and not only has a request. */
  waits: async (tool = '') => {
    while ((await gateway.pending(tool)).waiting === 0) await new Promise(setImmediate)
  },
  /** Any call that a person's door can make, with its input as JSON. */
  door: (name = '', input = '{}') => gateway.core.handlers[name as 'status'](JSON.parse(input), person),
}

createInterface({ input: process.stdin })
  .on('line', async (line) => {
    const [id, name, ...words] = JSON.parse(line) as [number, string, ...string[]]
    try {
      say(JSON.stringify([id, (await commands[name]?.(...words)) ?? null]))
    } catch (error) {
      say(JSON.stringify([id, null, String(error)]))
    }
  })
  .on('close', end)
process.once('SIGTERM', end)

async function end(): Promise<void> {
  go()
  await gateway.stop()
  process.exit(0)
}

say('ready')
