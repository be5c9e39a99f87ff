import type { CallRow } from '../../../shared/activity.ts'
import type { ClientView, StatusView } from '../../../shared/calls.ts'
import type { FoundClient } from '../../../shared/client-config.ts'

/** What leads a newcomer to a first governed call, in this order. */
const stepNames = ['pin', 'found', 'server', 'client', 'observe', 'call'] as const
export type StepName = (typeof stepNames)[number]

/** What the gateway knows, as far as the first steps depend on it. */
export type Facts = {
  status: Pick<StatusView, 'presence_enrolled' | 'servers' | 'observing'>
  clients: readonly Pick<ClientView, 'revoked'>[]
  found: readonly Pick<FoundClient, 'files'>[]
  calls: readonly CallRow[]
  /** The person wants no observe mode. */
  skipped: boolean
}

/** Which steps are done, in their order; nothing but a step that was skipped is remembered, all else is read from the gateway. */
export function stepsDone({ status, clients, found, calls, skipped }: Facts): Map<StepName, boolean> {
  const called = calls.length > 0
  const files = found.flatMap((client) => client.files)
  const connected = files.some((file) => file.connected)
  const approved = status.servers.some(({ state }) => state === 'approved')
  const done: Record<StepName, boolean> = {
    pin: status.presence_enrolled,
    found: connected || called,
    server: approved,
    client: called || clients.some(({ revoked }) => !revoked),
    observe: called || skipped || status.observing.length > 0,
    call: called,
  }
  // Clients that are there bring their servers; where there are none, a server and a client are told by hand.
  const byItself = files.some(({ entries }) => entries.some(({ guard }) => guard !== 'left'))
  const shown = stepNames.filter((name) => name !== (byItself ? 'client' : 'found'))
  return new Map(shown.map((name) => [name, done[name]]))
}

/** The step to take now; null when all are done. */
export function nextStep(done: ReadonlyMap<StepName, boolean>): StepName | null {
  return [...done].find(([, isDone]) => !isDone)?.[0] ?? null
}
