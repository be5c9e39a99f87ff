import { randomBytes } from 'node:crypto'
import type { ApprovalView } from '../../../shared/approval.ts'
import { CallError } from '../../../shared/call-errors.ts'
import type { ClientView, Input } from '../../../shared/calls.ts'
import type { Approvals } from '../approvals/queue.ts'
import type { WhoMay } from '../approvals/who-may.ts'
import type { Answering, CoreHandlers, Door } from '../control/handlers.ts'
import { scopesIn } from '../envelope/credentials.ts'
import type { Gateway } from '../gateway/gateway.ts'
import type { AskedBefore } from '../grants/asked-before.ts'
import type { Grants } from '../grants/grants.ts'
import { newToken } from '../http/token.ts'
import { newId } from '../ids.ts'
import type { People } from '../people/people.ts'
import type { Clock, Secrets } from '../ports.ts'
import { terminalMaxLevel } from '../presence/presence.ts'
import type { ClientRow, ClientsTable } from '../store/registry-tables.ts'
import { whoAt } from './people-here.ts'
import type { RecordEvent } from './servers.ts'

type ClientHandlers = Pick<CoreHandlers, 'clients.list' | 'clients.issue' | 'clients.revoke' | 'tokens.create'>
type ApprovalHandlers = Pick<
  CoreHandlers,
  | 'approvals.list'
  | 'approvals.show'
  | 'approvals.offers'
  | 'approvals.coverage'
  | 'approvals.suggestions'
  | 'approvals.answer'
  | 'grants.list'
  | 'grants.revoke'
  | 'grants.extend'
  | 'grants.lock'
>

function viewClient(row: ClientRow, { accesses }: Pick<ClientsTable, 'accesses'>): ClientView {
  const { id, name, created_at, last_seen, revoked, kind, scopes, tenant, public_origin } = row
  const made = scopes === null ? null : scopesIn(scopes)
  // Of an app in all: for whom it holds which is told with what it was given.
  const given = () => [...new Set(accesses.of(id).flatMap((access) => scopesIn(access.scopes)))].sort()
  const bounds = { scopes: kind === 'oauth' ? given() : made, tenant }
  return { id, name, created_at, last_seen, revoked: revoked === 1, kind, public_origin, ...bounds }
}

/** A new key for a caller of the socket: 64 hex digits, as text. */
export function newLinkKey(): Buffer {
  return Buffer.from(randomBytes(32).toString('hex'))
}

/** Makes the entry of a client that comes through a shim, with a secret that nobody but it and this gateway reads. */
export function issueEntry(
  deps: { clients: ClientsTable; secrets: Secrets; clock: Clock; record: RecordEvent },
  { id, name, door }: { id: string; name: string; door: Door },
): void {
  deps.record('client.issued', { client: id, name, door: door.name })
  deps.secrets.set(id, newLinkKey())
  deps.clients.add(id, name, new Date(deps.clock.now()).toISOString(), door.who?.id ?? null)
}

/** Client entries: each has a secret of its own, by which its shim proves itself, or a bearer token for HTTP. */
export function clientHandlers(deps: {
  clients: ClientsTable
  secrets: Secrets
  gateway: Gateway
  clock: Clock
  record: RecordEvent
  grants: Pick<Grants, 'endOf'>
  /** Ends what the authorization server gave a client, for one tenant (empty: nobody in particular) or in all. */
  forgetTokens: (id: string, tenant?: string) => void
}): ClientHandlers {
  const { clients, secrets, gateway, clock, record } = deps
  const need = (id: string): ClientRow => {
    const row = clients.get(id)
    if (!row) throw new CallError('NOT_FOUND', `no client \`${id}\``, 'see `toolgate clients entries`')
    return row
  }
  const view = (row: ClientRow) => viewClient(row, clients)

  /** Ends what an app was given for one tenant; what it was given for others stays. */
  async function revokeFor({ id, name, kind }: ClientRow, tenant: string, door: Door) {
    if (kind !== 'oauth')
      throw new CallError('BAD_INPUT', 'its token is for one tenant alone', 'revoke it without naming one')
    if (!clients.accesses.get(id, tenant)) {
      const whom = tenant === '' ? 'nobody in particular' : `\`${tenant}\``
      throw new CallError('NOT_FOUND', `it was given nothing for ${whom}`, 'see `toolgate clients access`')
    }
    record('client.revoked', { client: id, name, tenant, door: door.name })
    deps.forgetTokens(id, tenant)
    // Else they would count again once it is let in for this tenant anew.
    deps.grants.endOf(id, tenant, door.name)
    await gateway.drop(({ client }) => client.id === id && client.tenant === tenant)
    return {}
  }

  return {
    'clients.list': () => clients.all().map(view),

    'clients.issue': ({ name }, door) => {
      const id = newId('client', clock.now())
      issueEntry(deps, { id, name, door })
      return view(need(id))
    },

    'tokens.create': ({ name, scopes = null, tenant = null }, door) => {
      const id = newId('client', clock.now())
      const { token, hash } = newToken()
      const bounds = { ...(scopes ? { scopes } : {}), ...(tenant ? { tenant } : {}) }
      record('client.issued', { client: id, name, kind: 'http', door: door.name, ...bounds })
      const created_at = new Date(clock.now()).toISOString()
      const held = scopes && JSON.stringify([...new Set(scopes)].sort())
      clients.addToken({ id, name, created_at, token_hash: hash, scopes: held, tenant, person: door.who?.id ?? null })
      return { client: view(need(id)), token }
    },

    'clients.revoke': async ({ id, tenant }, door) => {
      if (tenant !== undefined) return revokeFor(need(id), tenant, door)
      record('client.revoked', { client: id, name: need(id).name, door: door.name })
      clients.revoke(id)
      if (need(id).kind === 'oauth') deps.forgetTokens(id)
      else secrets.delete(id)
      // An app that a document names comes back under the same id.
      deps.grants.endOf(id, undefined, door.name)
      await gateway.drop(({ client }) => client.id === id)
      return {}
    },
  }
}

/** From this level on an approval says why, and from the next mark on the person proves once more who they are (ui.md). */
const reasonLevel = 3
const proofLevel = 4

/** The queue, as the doors see it. A door answers up to its level and no further; denying is always possible. */
export function approvalHandlers(deps: {
  approvals: Approvals
  grants: Grants
  askedBefore: AskedBefore
  whoMay: WhoMay
  people: People
}): ApprovalHandlers {
  const { approvals, grants, askedBefore, whoMay, people } = deps
  const need = (id: string): ApprovalView => {
    const request = approvals.find(id)
    if (!request) throw new CallError('NOT_FOUND', `no request \`${id}\` is waiting`, 'see `toolgate approvals list`')
    return request
  }
  return {
    'approvals.list': () => approvals.list(),

    'approvals.show': ({ id }, door) => {
      const view = need(id)
      const { ticket, armedInMs } = approvalPage(door).issue({ id, shownHash: view.shown_hash })
      return { view, ticket, armed_in_ms: armedInMs }
    },

    'approvals.offers': ({ id }) => {
      need(id)
      return approvals.offers(id)
    },
    'approvals.coverage': ({ id }) => {
      need(id)
      const { subject, level } = approvals.subjectOf(id)
      return askedBefore.coverage(id, subject, level, approvals.offers(id))
    },
    'approvals.suggestions': () => askedBefore.suggestions(approvals.list()),
    'grants.list': ({ all = false }) => grants.list(all),
    'grants.revoke': ({ id }, door) => grants.revoke(id, door.name),
    'grants.extend': ({ id, hours }, door) => grants.extend(id, hours, whoAt(door, people).name, door.name),
    'grants.lock': (_input, door) => ({ ended: grants.lock(door.name) }),

    'approvals.answer': async (input, door) => {
      const request = need(input.id)
      const approves = input.answer === 'approve'
      if (door.name !== 'approval' && approves && request.level > terminalMaxLevel) {
        throw new CallError('LEVEL_TOO_HIGH', `level ${request.level}, a terminal answers up to ${terminalMaxLevel}`)
      }
      const who = whoAt(door, people)
      // A request may have become one that its person may not answer; and before a PIN or a ticket is spent.
      if (approves) refuseNotYours(request, who.id, whoMay)
      // At every door, those to come included; and before a ticket is used up.
      if (approves && request.level >= reasonLevel && input.reason.trim() === '') throw new CallError('REASON_REQUIRED')
      const { id, shown_hash, reason, grant: choice = null, edited = null } = input
      // Before a ticket is used up: whoever wrote them is told what is wrong with them.
      if (edited !== null) await approvals.tryEdited(id, edited)
      if (door.name === 'approval') await checkPageAnswer(input, request, door)
      const shown = { hash: shown_hash, reason, by: who.name, person: who.id, door: door.name, pid: door.pid }
      return approvals.answer(id, input.answer, shown, { choice, edited })
    },
  }
}

/** That others answered already is told once the answer is taken. */
function refuseNotYours({ level, client }: ApprovalView, person: string, whoMay: WhoMay): void {
  whoMay.place(level, client, person, [])
}

function approvalPage(door: Door): Answering {
  if (door.name !== 'approval') throw new CallError('FORBIDDEN_AT_DOOR')
  return door.answering
}

/** The ticket goes last: a wrong PIN must not use it up. */
async function checkPageAnswer(input: Input<'approvals.answer'>, request: ApprovalView, door: Door): Promise<void> {
  const approves = input.answer === 'approve'
  const answering = approvalPage(door)
  if (approves && request.level >= proofLevel) {
    await answering.again(input.pin, `allow ${request.server} › ${request.tool}`)
  }
  answering.redeem(input.ticket, { id: input.id, shownHash: input.shown_hash }, approves)
}
