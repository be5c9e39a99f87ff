import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { simplePolicy } from '../fakes/gateway.ts'
import { until } from '../fakes/processes.ts'
import { paramsOf, type SentCall } from './audit-trail.ts'
import { startClient, startHost, type Told } from './child.ts'
import { familyOf, type Process } from './family.ts'
import { reachedServer } from './reached.ts'

/** The kinds of calls that are killed: the tool that is called, and under which policy. */
export const kinds = {
  'allowed read': { tool: 'read_note', policy: simplePolicy() },
  'allowed write': { tool: 'write_note', policy: simplePolicy().replace('REQUIRE_APPROVAL\n    level: 1', 'ALLOW') },
  'held write': { tool: 'write_note', policy: simplePolicy() },
} as const
export type Kind = keyof typeof kinds

/**
 * Stages of a call, in order. Most are points at which the gateway waits; besides, `idle`: connected, nothing called yet;
 * `waiting`: a person is asked; `sent`: the server has it and does not answer; `told`: the client has its answer.
 */
export const points = [
  'idle',
  'decided',
  'held',
  'waiting',
  'recorded',
  'durable',
  'sent',
  'answered',
  'closed',
  'replied',
  'told',
] as const
export type Point = (typeof points)[number]

/** Whether calls of a kind come by a point. */
export function passes(kind: Kind, point: Point): boolean {
  return kind === 'held write' || (point !== 'held' && point !== 'waiting')
}

const pausing: readonly Point[] = ['decided', 'held', 'recorded', 'durable', 'answered', 'closed', 'replied']
const beforeAnswer: readonly Point[] = ['idle', 'decided', 'held', 'waiting']

export type FaultRun = Awaited<ReturnType<typeof startRun>>

/** A gateway, a client, a shim and a server, each a process, on a fresh profile, with one call that has come to `point`. */
export async function startRun(kind: Kind, point: Point) {
  const { tool, policy } = kinds[kind]
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'tg-'))
  const profile = join(folder, 'profile')
  const log = join(folder, 'calls.log')
  const host = await startHost({ profile, policy, ...(pausing.includes(point) ? { point } : {}) })
  await host.ask('addServer', 'notes', 'notes-server', log)
  const client = await startClient(profile, 'notes')
  const args = { text: `${kind}, ${point}`, ...(point === 'sent' ? { hold: true } : {}) }
  const sent: SentCall[] = []
  const reached = () => reachedServer(log)

  let told: Promise<Told | undefined> = Promise.resolve(undefined)
  if (point !== 'idle') {
    const call: SentCall = { params: paramsOf(tool, args) }
    sent.push(call)
    told = client.call(tool, args).then((answer) => {
      if (answer) call.told = answer
      return answer
    })
  }
  const asked = async () => {
    if (kind === 'held write') await host.ask('waits', tool)
  }
  if (point === 'waiting') await asked()
  if (!beforeAnswer.includes(point)) {
    await asked()
    if (kind === 'held write') await host.ask('answer', tool, 'approve')
  }
  if (pausing.includes(point)) await host.reached(point)
  if (point === 'sent') await until('the call is with the server', () => reached().length === 1)
  if (point === 'told') await told

  const family = familyOf([host.pid, client.pid])
  const only = (what: string, fits: (process: Process) => boolean): Process => {
    const [found, ...more] = family.filter(fits)
    if (!found || more.length > 0) throw new Error(`not one ${what} among ${family.map(({ command }) => command)}`)
    return found
  }
  return {
    ...{ folder, profile, host, client, family, sent, reached, told, tool },
    /** The call of a surviving gateway that a person has yet to answer. */
    unanswered: kind === 'held write' && beforeAnswer.includes(point) && point !== 'idle',
    processes: {
      gateway: only('gateway', ({ pid }) => pid === host.pid),
      client: only('client', ({ pid }) => pid === client.pid),
      shim: only('shim', ({ pid }) => pid === client.shim),
      server: only('server', ({ command }) => command.includes('notes-server.mjs')),
    },
    watchdog: only('watchdog', ({ parent, command }) => parent === host.pid && command.includes('groups=')),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
