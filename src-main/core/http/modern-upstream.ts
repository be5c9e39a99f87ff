import type { ServerResponse } from 'node:http'
import { ToolgateError } from '../../../shared/errors.ts'
import type { ClientWire, Session } from '../gateway/session.ts'
import { errorLine } from '../gateway/to-client.ts'
import { type Message, parseMessage } from '../json/message.ts'
import type { LiveLimits } from '../limits.ts'
import type { Clock } from '../ports.ts'
import type { Posted } from './exchange.ts'
import { createFlow } from './flow.ts'
import { createHeldUp } from './held-up.ts'
import { statusOf } from './modern-checks.ts'
import { type Names, rename, restore, subjectOf } from './modern-ids.ts'
import { beginEvents, refuse, sendNothing } from './refusals.ts'

const logLevelKey = 'io.modelcontextprotocol/logLevel'

/** A request that is not answered yet. `logs`: its client asked to hear the server's log messages. */
type Open = { names: Names; res: ServerResponse; events: boolean; json: boolean; logs: boolean }

export type ModernUpstream = ReturnType<typeof createModernUpstream>

/**
 * One server process behind all requests of one client credential to one server in the stateless generation. Requests go out
 * under names of ours, so that connections which know nothing of each other may use the same ids and tokens.
 */
export function createModernUpstream(deps: {
  clock: Clock
  limits: LiveLimits
  open: (wire: ClientWire, end: () => void) => Session
  onEnd: () => Promise<void>
}) {
  const { clock } = deps
  const requests = new Map<string, Open>()
  const flow = createFlow(() => session, clock)
  let count = 0
  const heldUp = createHeldUp(deps.limits)
  let used = clock.monotonic()
  let ended: Promise<void> | null = null

  const wire: ClientWire = {
    toClient,
    waitFor: heldUp.until,
    unanswered: ({ text }) => finish(text, parseMessage(errorLine(text, new ToolgateError('CALL_CANCELLED'), ''))),
    serverGone: () => void end(),
  }
  const session = deps.open(wire, () => void end())

  function toClient(line: Buffer): void {
    const message = parseMessage(line)
    const own = ownerOf(message)
    if (message.kind === 'request') refuseServer(message)
    else if (own !== null && message.kind === 'response') finish(own, message)
    else if (own !== null) tell(own, message)
  }

  /** Which request a message belongs to. Log messages carry no name: they go to the newest request that asked for them. */
  function ownerOf(message: Message): string | null {
    if (message.method === 'notifications/message') {
      return [...requests].findLast(([, { logs }]) => logs)?.[0] ?? null
    }
    const subject = String(subjectOf(message))
    return requests.has(subject) ? subject : null
  }

  function tell(own: string, message: Message): void {
    const request = requests.get(own)
    if (!request?.events) return
    if (!request.res.headersSent) beginEvents(request.res)
    flow.event(request.res, restore(message, own, request.names))
  }

  function finish(own: string, message: Message): void {
    const request = requests.get(own)
    if (!request || !requests.delete(own)) return
    used = clock.monotonic()
    const { res, json } = request
    const line = restore(message, own, request.names)
    if (!res.headersSent && json) flow.json(res, statusOf(message), line)
    else {
      if (!res.headersSent) beginEvents(res)
      flow.event(res, line)
      res.end()
    }
  }

  /** In this generation servers ask through results; a request of theirs can reach nobody. */
  function refuseServer({ id }: Message): void {
    const error = '{"code":-32601,"message":"Toolgate: no client takes requests in this protocol version"}'
    session.fromClient(Buffer.from(`{"jsonrpc":"2.0","id":${id?.text ?? 'null'},"error":${error}}`))
  }

  /** The client closed the stream of its answer, which in this generation cancels the request. */
  function abandon(own: string): void {
    if (!requests.delete(own)) return
    used = clock.monotonic()
    const params = `{"requestId":${own},"reason":"the client closed the stream"}`
    session.fromClient(Buffer.from(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":${params}}`))
  }

  function end(): Promise<void> {
    if (ended) return ended
    ended = Promise.resolve()
    for (const own of [...requests.keys()]) {
      finish(own, parseMessage(errorLine(own, new ToolgateError('SERVER_EXITED', 'the session has ended'), '')))
    }
    ended = deps.onEnd()
    return ended
  }

  return {
    end,
    session: () => session,

    /** Takes a request, and answers it in its response: as JSON when the answer is all there is, else as events. */
    async request({ message, res, accepts }: Posted): Promise<void> {
      const idText = message.id?.text ?? 'null'
      used = clock.monotonic()
      const most = deps.limits.of('calls_per_session')
      if (requests.size >= most) {
        return refuse(res, 'TOO_MANY_REQUESTS', { idText, detail: `\`calls_per_session\` is ${most}` })
      }
      const full = heldUp.full(message.raw.length)
      if (full !== null) return refuse(res, 'TOO_MANY_REQUESTS', { idText, detail: full })
      const own = String(++count)
      const renamed = rename(message, own)
      const { _meta } = message.json.params as { _meta: Record<string, unknown> }
      const logs = _meta[logLevelKey] !== undefined
      // It was left while its body was read: nothing would ever tell.
      if (res.destroyed) return
      requests.set(own, { names: renamed.names, res, events: accepts.events, json: accepts.json, logs })
      res.once('close', () => abandon(own))
      await heldUp.wait(message.raw.length)
      // It was left, or the server ended, while others held it up.
      if (requests.has(own)) session.fromClient(renamed.message.raw, renamed.message)
    },

    /** Takes a notification, and says so in its response. */
    async notify({ message, res }: Posted): Promise<void> {
      used = clock.monotonic()
      const full = heldUp.full(message.raw.length)
      if (full !== null) return refuse(res, 'TOO_MANY_REQUESTS', { detail: full })
      await heldUp.wait(message.raw.length)
      session.fromClient(message.raw, message)
      sendNothing(res, 202)
    },

    /** Keeps connections alive on which nothing happens. */
    beat(): void {
      for (const { res, events } of requests.values()) {
        if (!events) continue
        if (!res.headersSent) beginEvents(res)
        flow.write(res, ':\n\n')
      }
    },

    idleMs: () => (requests.size > 0 ? 0 : clock.monotonic() - used),
  }
}
