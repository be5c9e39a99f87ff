import type { IncomingMessage, ServerResponse } from 'node:http'
import { tenantIn } from '../../../shared/credential.ts'
import { ToolgateError } from '../../../shared/errors.ts'
import { allServers } from '../../../shared/link.ts'
import { ServerName } from '../../../shared/server.ts'
import { isBatch } from '../gateway/batches.ts'
import type { Fallbacks } from '../gateway/fallbacks.ts'
import type { Gateway } from '../gateway/gateway.ts'
import { bounded } from '../gateway/record-events.ts'
import { errorLine } from '../gateway/to-client.ts'
import { type Message, paramsOf, parseMessage } from '../json/message.ts'
import { salvage } from '../json/salvage.ts'
import type { LiveLimits } from '../limits.ts'
import { type Way, wayOf } from '../origins.ts'
import type { Clock, Log } from '../ports.ts'
import type { Registry } from '../registry/registry.ts'
import type { ClientsTable } from '../store/registry-tables.ts'
import { createBodies, lineOf } from './body.ts'
import { acceptsOf, type Exchange, headerOf } from './exchange.ts'
import { createGate } from './gate.ts'
import { createLasting } from './lasting.ts'
import { createLegacy } from './legacy.ts'
import { listenHttp } from './listener.ts'
import { createModern } from './modern.ts'
import { isModern, modernVersion } from './modern-checks.ts'
import { challengeOf, type OAuthDoor } from './oauth-door.ts'
import { type RefusalCode, refuse, sendJson } from './refusals.ts'
import { createSeats } from './seats.ts'
import { createStrangers } from './strangers.ts'
import { createTogether } from './together.ts'

/** What the door works with. `event`: writes into the record, throws AUDIT_UNWRITABLE when it cannot. */
export type HttpDeps = {
  gateway: Gateway
  registry: Registry
  clients: ClientsTable
  fallbacks: Fallbacks
  oauth: OAuthDoor
  clock: Clock
  log: Log
  maxMessageBytes: number
  limits: LiveLimits
  event: (name: string, detail: Record<string, unknown>) => void
}

/** What is known of a request once it was let in. */
type Come = Pick<Exchange, 'caller' | 'way' | 'lasts'>

/** An open door. */
export type HttpDoor = { port: number; close: () => Promise<void> }

/** How often a connection on which nothing happens gets a sign of life, and how often unused sessions are looked for. */
const beatMs = 15_000

/**
 * Opens `/mcp/<server>`, and `/mcp` for all servers at once, on 127.0.0.1, port 0 meaning any free one. Rejects with the system's error when the port cannot be had.
 */
export async function openHttpDoor(port: number, deps: HttpDeps): Promise<HttpDoor> {
  const seats = createSeats(deps.limits)
  const legacy = createLegacy({ ...deps, seats })
  const modern = createModern({ ...deps, seats })
  const bodies = createBodies(deps.maxMessageBytes)
  const gate = createGate(deps.clients, deps.oauth, (host) => wayOf(host, listener.port, deps.oauth.publicOrigin()))
  const strangers = createStrangers()
  const together = createTogether()
  const lasting = createLasting()
  let closing = false

  /** Says so at most once a minute for each reason: a page that tries without end must not fill the log. */
  const told = new Map<RefusalCode, number>()
  function turnedAway(why: RefusalCode): void {
    const now = deps.clock.monotonic()
    if (now - (told.get(why) ?? Number.NEGATIVE_INFINITY) < 60_000) return
    told.set(why, now)
    deps.log.info('an HTTP caller was turned away', { why })
  }

  /** Who a request is let in for, or says why not, and gives null; nothing else is said before this but how to get a token. */
  function callerOf(req: IncomingMessage, res: ServerResponse): Come | null {
    if (hidden(req, res)) return null
    const placed = closing ? { refused: 'CLOSING' as const } : gate.place(req)
    if ('refused' in placed) {
      turnAway(res, placed.refused)
      return null
    }
    const { way } = placed
    const verdict = gate.check(req, way)
    if (way.publicOrigin !== null && !('client' in verdict)) strangers.hold(req, res)
    if (deps.oauth.serve(req, res, way)) return null
    if ('client' in verdict) return { caller: verdict.client, way, lasts: verdict.lasts }
    askForToken(req, res, verdict.refused, way)
    return null
  }

  /** While its body came, its token may have been revoked, or the gateway told to end. */
  function stillIn({ req, res, way }: Exchange): boolean {
    if (hidden(req, res)) return false
    if (closing) turnAway(res, 'CLOSING')
    else if (!gate.stillIn(req)) askForToken(req, res, 'NO_TOKEN', way)
    else return true
    return false
  }

  function turnAway(res: ServerResponse, why: RefusalCode, headers: Record<string, string> = {}): void {
    turnedAway(why)
    refuse(res, why, { headers })
  }

  function askForToken(req: IncomingMessage, res: ServerResponse, why: 'NO_TOKEN' | 'WRONG_SCOPE', way: Way): void {
    const sent = req.headers.authorization !== undefined
    turnAway(res, why, { 'www-authenticate': challengeOf(req, why, { way, sent }) })
  }

  async function serve(exchange: Exchange): Promise<void> {
    const { req, res } = exchange
    if (req.method === 'POST') return post(exchange)
    if (headerOf(req, 'mcp-protocol-version') === modernVersion) {
      return refuse(res, 'WRONG_METHOD', { headers: { allow: 'POST' } })
    }
    if (req.method === 'GET') legacy.get(exchange)
    else legacy.delete(exchange)
  }

  async function post(exchange: Exchange): Promise<void> {
    const { req, res, accepts } = exchange
    if (req.headers['content-type']?.split(';')[0]?.trim().toLowerCase() !== 'application/json') {
      return refuse(res, 'WRONG_TYPE')
    }
    if (!accepts.json && !accepts.events) return refuse(res, 'WRONG_ACCEPT')
    const body = await bodyOf(exchange)
    await together()
    if (!body || !stillIn(exchange)) return
    try {
      const line = lineOf(body)
      // In later versions, as in any that is not known, a batch is no message.
      if (isBatch(line) && headerOf(req, 'mcp-protocol-version') !== modernVersion) {
        return await legacy.batch(exchange, line, (requests) => askedToStepUp(exchange, requests))
      }
      const message = parseMessage(line, 'client')
      if (message.kind === 'notification' && !message.method?.startsWith('notifications/')) {
        throw new ToolgateError('MALFORMED_MESSAGE', 'a request needs an `id`')
      }
      if (askedToStepUp(exchange, [message])) return
      await (isModern(message, req) ? modern : legacy).post({ ...exchange, message })
    } catch (error) {
      if (!(error instanceof ToolgateError)) throw error
      refuseMessage(exchange, body, error, 400)
    }
  }

  /**
   * An app that asks for what needs a right which its token lacks is told which, so that it can ask a person (MCP, authorization); of messages
   * that came together then none is handed over.
   */
  function askedToStepUp({ caller, way, serverName, req, res }: Exchange, messages: readonly Message[]): boolean {
    for (const message of messages) {
      const { kind, method, id } = message
      if (kind !== 'request' || !method) continue
      const { name } = paramsOf(message)
      const tool = method === 'tools/call' && typeof name === 'string' ? name : null
      const scopes = deps.oauth.missing(caller, serverName, { method, tool })
      if (scopes.length === 0) continue
      const what = bounded({ tool: tool ?? method, scopes })
      deps.event('oauth.scope_missing', { server: serverName, client: caller.id, ...tenantIn(caller), ...what })
      const challenge = challengeOf(req, 'WRONG_SCOPE', { way, sent: true, scopes })
      const [idText, detail] = [id?.text ?? 'null', `this ${tool ? 'tool' : 'server'} needs ${scopes.join(', ')}`]
      refuse(res, 'WRONG_SCOPE', { idText, detail, headers: { 'www-authenticate': challenge } })
      return true
    }
    return false
  }

  /** What a request brings; null when it is refused. */
  async function bodyOf(exchange: Exchange): Promise<Buffer | null> {
    const { caller, req, res } = exchange
    const body = await bodies.read(caller.id, req, res)
    if ('busy' in body) {
      refuse(res, 'TOO_MANY_REQUESTS', { headers: { connection: 'close' } })
      return null
    }
    if ('cut' in body) {
      res.destroy()
      return null
    }
    if ('tooLarge' in body) {
      refuseMessage(exchange, body.tooLarge, new ToolgateError('MESSAGE_TOO_LARGE'), 413)
      return null
    }
    return body.bytes
  }

  function refuseMessage(
    { caller, serverName, res }: Exchange,
    beginning: Buffer,
    error: unknown,
    status: number,
  ): void {
    let told = error
    try {
      const why = error instanceof Error ? error.message : 'unknown'
      const detail = { server: serverName, client: caller.name, ...tenantIn(caller), bytes: beginning.length, why }
      deps.event('message.refused', bounded(detail))
    } catch (unrecorded) {
      told = unrecorded
    }
    // What is left of a body that is too large is not read: the connection ends.
    sendJson(
      res,
      status,
      errorLine(salvage(beginning).idText, told, serverName),
      status === 413 ? { connection: 'close' } : {},
    )
  }

  function route(come: Come, req: IncomingMessage, res: ServerResponse, name: string): void {
    const all = name === allServers
    const known = all || deps.registry.find(name) !== null
    if (!(known || ServerName.safeParse(name).success)) {
      refuse(res, 'NOT_HERE')
      return
    }
    if (!known) {
      sendJson(res, 404, errorLine('null', new ToolgateError('SERVER_UNKNOWN', `\`${name}\``), name))
      return
    }
    const exchange = { ...come, serverName: name, req, res, accepts: acceptsOf(req.headers.accept) }
    lasting.hold(exchange)
    serve(exchange).catch((error: unknown) => {
      deps.log.error('an HTTP request failed', { server: name, error: String(error) })
      sendJson(res, 500, errorLine('null', error, name))
    })
  }

  function take(req: IncomingMessage, res: ServerResponse): void {
    const come = callerOf(req, res)
    if (!come) return
    const name = nameIn(req.url ?? '')
    const known = ['GET', 'POST', 'DELETE'].includes(req.method ?? '')
    if (!known) refuse(res, 'WRONG_METHOD', { headers: { allow: 'GET, POST, DELETE' } })
    else if (name === null) refuse(res, 'NOT_HERE')
    else route(come, req, res, name)
  }

  const listener = await listenHttp(port, take)
  const stopBeat = every(deps.clock, beatMs, () => {
    lasting.endOthers()
    legacy.beat()
    modern.beat()
    legacy.sweep()
    modern.sweep()
  })
  return {
    port: listener.port,
    async close() {
      stopBeat()
      closing = true
      await Promise.all([legacy.close(), modern.close()])
      await listener.close()
    },
  }
}

/** A response that waits behind another one would not hear that its client left; clients open more connections instead. */
function hidden(req: IncomingMessage, res: ServerResponse): boolean {
  if (res.socket === null) req.socket.destroy()
  return res.socket === null
}

/** Which server an address means, or all of them; null for any other. */
function nameIn(url: string): string | null {
  if (url === '/mcp') return allServers
  const [, name] = /^\/mcp\/([^/?]+)$/.exec(url) ?? []
  return name === undefined || name === allServers ? null : name
}

function every(clock: Clock, ms: number, fn: () => void): () => void {
  let stop = clock.after(ms, again)
  function again(): void {
    fn()
    stop = clock.after(ms, again)
  }
  return () => stop()
}
