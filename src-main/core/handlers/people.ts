import { randomBytes } from 'node:crypto'
import { CallError } from '../../../shared/call-errors.ts'
import type { ClientView } from '../../../shared/calls.ts'
import type { Approvals } from '../approvals/queue.ts'
import type { CoreHandlers } from '../control/handlers.ts'
import type { Gateway } from '../gateway/gateway.ts'
import { newId } from '../ids.ts'
import type { Clock, Secrets } from '../ports.ts'
import { newToken } from '../http/token.ts'
import { terminalMaxLevel } from '../presence/presence.ts'
import type { ClientRow, ClientsTable } from '../store/registry-tables.ts'
import type { RecordEvent } from './servers.ts'

type ClientHandlers = Pick<CoreHandlers, 'clients.list' | 'clients.issue' | 'clients.revoke' | 'tokens.create'>
type ApprovalHandlers = Pick<CoreHandlers, 'approvals.list' | 'approvals.answer'>

function viewClient({ id, name, created_at, last_seen, revoked, kind }: ClientRow): ClientView {
  return { id, name, created_at, last_seen, revoked: revoked === 1, kind }
}

/** A new key for a caller of the socket: 64 hex digits, as text. */
export function newLinkKey(): Buffer {
  return Buffer.from(randomBytes(32).toString('hex'))
}

/** Client entries: each has a secret of its own, by which its shim proves itself, or a bearer token for HTTP. */
export function clientHandlers(deps: {
  clients: ClientsTable
  secrets: Secrets
  gateway: Gateway
  clock: Clock
  record: RecordEvent
}): ClientHandlers {
  const { clients, secrets, gateway, clock, record } = deps
  const need = (id: string): ClientRow => {
    const row = clients.get(id)
    if (!row) throw new CallError('NOT_FOUND', `no client \`${id}\``)
    return row
  }
  return {
    'clients.list': () => clients.all().map(viewClient),

    'clients.issue': ({ name }, door) => {
      const id = newId('client', clock.now())
      record('client.issued', { client: id, name, door: door.name })
      secrets.set(id, newLinkKey())
      clients.add(id, name, new Date(clock.now()).toISOString())
      return viewClient(need(id))
    },

    'tokens.create': ({ name }, door) => {
      const id = newId('client', clock.now())
      const { token, hash } = newToken()
      record('client.issued', { client: id, name, kind: 'http', door: door.name })
      clients.addToken(id, name, new Date(clock.now()).toISOString(), hash)
      return { client: viewClient(need(id)), token }
    },

    'clients.revoke': async ({ id }, door) => {
      record('client.revoked', { client: id, name: need(id).name, door: door.name })
      clients.revoke(id)
      secrets.delete(id)
      await gateway.drop(({ client }) => client.id === id)
      return {}
    },
  }
}

/** The queue, as the doors see it. A door answers up to its level and no further; denying is always possible. */
export function approvalHandlers(approvals: Approvals, user: string): ApprovalHandlers {
  return {
    'approvals.list': () => approvals.list(),
    'approvals.answer': ({ id, answer, shown_hash, reason }, door) => {
      const request = approvals.list().find((candidate) => candidate.id === id)
      if (!request) throw new CallError('NOT_FOUND', `no request \`${id}\` is waiting`)
      if (answer === 'approve' && request.level > terminalMaxLevel) {
        throw new CallError('LEVEL_TOO_HIGH', `level ${request.level}, a terminal answers up to ${terminalMaxLevel}`)
      }
      return approvals.answer(id, answer, { hash: shown_hash, reason, by: user, door: door.name })
    },
  }
}
