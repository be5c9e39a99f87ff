import { ToolgateError } from '../../../../shared/errors.ts'
import { cancelledKey, type Message, metaOf, objectOf, paramsOf, parseMessage } from '../../json/message.ts'
import { member, textOf } from '../../json/spans.ts'
import { carriedFromClient, carriedFromServer } from './capabilities.ts'
import type { Face, FaceDeps, MessageId } from './face.ts'
import { createModernRequests } from './modern-requests.ts'
import { createPeer } from './peer.ts'
import { createServerQuestions } from './server-questions.ts'
import { createSubscriptions } from './subscriptions.ts'
import { codes, legacyVersions, lines, logLevels, metaKeys, modernVersion } from './vocabulary.ts'

/** Requests of the generation with sessions that the stateless one has not. */
const unknownHere = /^(?:initialize|ping|logging\/setLevel|resources\/(?:un)?subscribe|tasks\/.*)$/
/** Requests that wait until the server has answered `initialize`. */
const mostEarly = 256
/** Who asks when a client does not say its name. */
const nameless = { name: 'toolgate', version: '0.1.0' }

type Begun = { answer: Message; offers: Record<string, unknown>; subscriptions: ReturnType<typeof createSubscriptions> }

/** What is wrong with the metadata that every request needs; null when nothing is. `send` is the answer to that. */
function rejection(message: Message, idText: string): Buffer | null {
  const meta = metaOf(message)
  const requested = meta[metaKeys.version]
  const capabilities = meta[metaKeys.capabilities]
  if (typeof requested !== 'string' || typeof capabilities !== 'object' || capabilities === null) {
    const missing = typeof requested === 'string' ? metaKeys.capabilities : metaKeys.version
    return lines.error(idText, codes.invalidParams, `Invalid params: _meta needs ${missing}`)
  }
  if (requested === modernVersion) return null
  const data = { supported: [modernVersion], requested: requested.slice(0, 40) }
  return lines.error(idText, codes.unsupportedVersion, 'Unsupported protocol version', data)
}

/**
 * Clients of the stateless generation on a server that speaks only the one with sessions. We begin its session, with what the first
 * request says of its client, and answer `server/discover` from what it said then (protocol.md 1.3).
 */
export function openForModernClient(deps: FaceDeps): Face {
  const { toClient, lost, log, clock } = deps
  const peer = createPeer(deps, { request: (message) => questions.take(message), notification: fromServer })
  const requests = createModernRequests(() => peer, deps)
  const questions = createServerQuestions(peer, clock, requests.place)
  let begun: Begun | null = null
  /** The server has been asked to begin a session, and has not answered. */
  let beginning = false
  /** What waits for that. */
  let early: Message[] = []
  let level: string | null = null

  function initialize(first: Message): void {
    beginning = true
    const meta = metaOf(first)
    const params = {
      protocolVersion: legacyVersions[0],
      capabilities: carriedFromClient(meta[metaKeys.capabilities]),
      clientInfo: meta[metaKeys.client] ?? nameless,
    }
    peer.ask('initialize', () => JSON.stringify(params), { answered: begin, failed: refuseAll })
  }

  function begin(answer: Message): void {
    const { protocolVersion, capabilities } = objectOf(answer.json.result)
    if (typeof protocolVersion !== 'string' || !legacyVersions.includes(protocolVersion)) {
      refuseAll(new ToolgateError('SERVER_START_FAILED', 'it did not begin a session in a version that is known'))
      return
    }
    peer.say(lines.notification('notifications/initialized', null))
    const offers = carriedFromServer(capabilities)
    begun = { answer, offers, subscriptions: createSubscriptions(peer, offers, toClient) }
    for (const message of early.splice(0)) take(message)
  }

  /** Nothing waits any more; the next request begins a session, as once the server is back or somebody has signed in. */
  function refuseAll(error: ToolgateError): void {
    beginning = false
    for (const { id } of early.splice(0)) if (id) lost(id, error)
  }

  function fromServer(message: Message): void {
    const { method } = message
    if (method === 'notifications/progress') requests.progress(message)
    else if (method === 'notifications/cancelled') questions.cancelled(message)
    else if (method === 'notifications/message') {
      if (requests.wantsLog(paramsOf(message).level)) toClient(message.raw)
    } else if (!begun?.subscriptions.tell(message)) {
      log.info('a notification that 2026-07-28 does not have was dropped', { method: method?.slice(0, 80) })
    }
  }

  function take(message: Message): void {
    const { id, kind } = message
    if (kind === 'notification') notified(message)
    if (kind !== 'request' || !id) return
    const wrong = rejection(message, id.text)
    if (wrong) toClient(wrong)
    else if (begun) request(message, id, begun)
    else keep(message, id)
  }

  function keep(message: Message, id: MessageId): void {
    if (early.length >= mostEarly) {
      toClient(lines.error(id.text, codes.internal, 'Toolgate: too many requests wait for the server to start'))
      return
    }
    early.push(message)
    if (!beginning) initialize(message)
  }

  function request(message: Message, id: MessageId, { answer, offers, subscriptions }: Begun): void {
    const method = message.method ?? ''
    if (method === 'server/discover') toClient(lines.result(id.text, discovered(answer, offers)))
    else if (method === 'subscriptions/listen') subscriptions.open(message, id)
    else if (unknownHere.test(method)) {
      toClient(lines.error(id.text, codes.methodNotFound, `Method not found: ${method}`))
    } else {
      setLevel(message, offers)
      requests.take(message, id)
      questions.placeHomeless()
    }
  }

  /** The server logs for everybody at one level: the one that says most of those that were asked for. */
  function setLevel(message: Message, offers: Record<string, unknown>): void {
    const wanted = metaOf(message)[metaKeys.logLevel]
    if (offers.logging === undefined || typeof wanted !== 'string' || !logLevels.includes(wanted)) return
    if (level !== null && logLevels.indexOf(level) <= logLevels.indexOf(wanted)) return
    level = wanted
    const ignored = () => {}
    peer.ask('logging/setLevel', () => JSON.stringify({ level: wanted }), { answered: ignored, failed: ignored })
  }

  function notified(message: Message): void {
    if (message.method !== 'notifications/cancelled') return
    const key = cancelledKey(message) ?? ''
    early = early.filter(({ id }) => id?.key !== key)
    if (!requests.cancel(key)) begun?.subscriptions.close(key)
  }

  const face: Face = {
    fromClient: (line) => take(parseMessage(line)),
    line: peer.fromServer,
    tooLong: peer.tooLong,
    skipped: peer.skipped,
    lost: ({ text }, error) => void peer.lost(text, error),
    close() {
      questions.close()
      requests.close()
    },
    // The new process is told by supervision what we told the one before it.
    serverEnded() {
      if (!begun) return null
      peer.forget()
      questions.close()
      requests.close()
      begun.subscriptions.forget()
      return face
    },
  }
  return face
}

/** What a server said in `initialize`, as the result of `server/discover`. */
function discovered({ raw, spans }: Message, offers: Record<string, unknown>): string {
  const result = spans.get('result')
  const part = (name: string) => (result ? member(raw, result, name) : null)
  const [instructions, info] = [part('instructions'), part('serverInfo')]
  const told = instructions ? `,"instructions":${textOf(raw, instructions)}` : ''
  const meta = info ? `,"_meta":{${JSON.stringify(metaKeys.server)}:${textOf(raw, info)}}` : ''
  const kept = '"ttlMs":0,"cacheScope":"private"'
  const said = `"supportedVersions":["${modernVersion}"],"capabilities":${JSON.stringify(offers)}${told}`
  return `{"resultType":"complete",${said},${kept}${meta}}`
}
