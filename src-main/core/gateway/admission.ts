import { ToolgateError } from '../../../shared/errors.ts'
import { basesOf } from '../envelope/bases.ts'
import { pathsIn } from '../envelope/paths.ts'
import type { Message } from '../json/message.ts'
import type { Deps } from '../pipeline/call.ts'
import { mayRun, type Server } from '../registry/registry.ts'
import { claimedName } from './request.ts'
import type { SessionInfo } from './session.ts'

/** Records something that happened in a session. Throws AUDIT_UNWRITABLE. */
export type SessionEvent = (name: string, detail: Record<string, unknown>) => void

/** Who a session's client is, whether its server may run, and which requests other than calls may pass. */
export function createAdmission({ client, serverName }: SessionInfo, deps: Deps, event: SessionEvent) {
  let hasName = false

  /** The session's server, when a person approved what it runs. */
  function runnable(): Server {
    const server = deps.registry.need(serverName)
    if (server.approved_launch === null) throw new ToolgateError('SERVER_NOT_APPROVED', `\`${serverName}\``)
    if (!mayRun(server)) throw new ToolgateError('SERVER_CHANGED', `\`${serverName}\``)
    return server
  }

  return {
    runnable,

    /** A client without an entry is called what it says first, and its identity stays `claimed`. */
    named(message: Message): void {
      const name = client.identity === 'claimed' && !hasName ? claimedName(message) : null
      if (name === null) return
      hasName = true
      client.name = name
      client.id = `claimed:${name}`
    },

    /** Nothing reaches a server while everything is stopped, nor from a client that was revoked. */
    halted: () => deps.stopped() || deps.clientRevoked(client.id),

    /** Requests other than calls pass, but not while stopped, and not to Toolgate's own files. Throws why not. */
    guard(message: Message): void {
      if (deps.stopped()) throw new ToolgateError('STOPPED')
      if (deps.clientRevoked(client.id)) throw new ToolgateError('CLIENT_REFUSED', `\`${client.name}\``)
      const touched = deps.protectedPath(pathsIn(message.json.params ?? {}, basesOf(runnable().launch)), true)
      if (touched === null) return
      event('request.refused', { method: message.method, why: touched, reason_code: 'PROTECTED_PATH' })
      throw new ToolgateError('PROTECTED_PATH', touched)
    },
  }
}
