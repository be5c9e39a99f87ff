import type { CallRow } from '../../../shared/activity.ts'
import type { ClientView, StatusView } from '../../../shared/calls.ts'

/** What leads a newcomer to a first governed call, in this order. */
export const stepNames = ['pin', 'server', 'client', 'call'] as const
export type StepName = (typeof stepNames)[number]

/** What the gateway knows, as far as the first steps depend on it. */
export type Facts = {
  status: Pick<StatusView, 'presence_enrolled' | 'servers'>
  clients: readonly Pick<ClientView, 'revoked'>[]
  calls: readonly CallRow[]
}

/** Which steps are done; nothing is remembered, all of it is read from the gateway. */
export function stepsDone({ status, clients, calls }: Facts): Record<StepName, boolean> {
  const called = calls.length > 0
  return {
    pin: status.presence_enrolled,
    server: status.servers.some(({ state }) => state === 'approved'),
    client: called || clients.some(({ revoked }) => !revoked),
    call: called,
  }
}

/** The step to take now; null when all are done. */
export function nextStep(done: Record<StepName, boolean>): StepName | null {
  return stepNames.find((name) => !done[name]) ?? null
}
