import { ToolgateError } from '../../../../shared/errors.ts'
import { changedMembers } from '../../json/changed-members.ts'
import { cancelledKey, type Message, metaSpan, objectOf, paramsOf, parseMessage } from '../../json/message.ts'
import { member, textOf } from '../../json/spans.ts'
import { legacyError, legacyResult } from './answers.ts'
import { carriedFromClient, carriedFromServer } from './capabilities.ts'
import type { Face, FaceDeps, MessageId } from './face.ts'
import { createInputRounds } from './input-rounds.ts'
import { createListening } from './listening.ts'
import { type Asking, createPeer } from './peer.ts'
import {
  codes,
  legacyVersions,
  lines,
  logLevels,
  mayAskForInput,
  metaKeys,
  modernVersion,
  mostRounds,
} from './vocabulary.ts'

/** Methods that one generation has and the other has not: nobody can be asked. */
const unknownHere = /^(?:server\/discover|subscriptions\/listen|tasks\/.*)$/

/** Such a face outlives its server: `forget` what the process was asked that is gone, and `resume` with the next one. */
export type LegacyFace = Face & { forget: () => void; resume: () => void }

/** What a client said of itself in `initialize`. */
type Hello = { capabilities: Record<string, unknown>; info: unknown; version: string }

function helloOf(initialize: Message): Hello {
  const { capabilities, clientInfo, protocolVersion } = paramsOf(initialize)
  const known = typeof protocolVersion === 'string' && legacyVersions.includes(protocolVersion)
  return {
    capabilities: carriedFromClient(capabilities),
    info: clientInfo,
    version: known ? protocolVersion : (legacyVersions[0] ?? ''),
  }
}

function metaOf({ capabilities, info }: Hello, level: string | null): Record<string, string> {
  return {
    [metaKeys.version]: JSON.stringify(modernVersion),
    [metaKeys.capabilities]: JSON.stringify(capabilities),
    ...(info === undefined ? {} : { [metaKeys.client]: JSON.stringify(info) }),
    ...(level === null ? {} : { [metaKeys.logLevel]: JSON.stringify(level) }),
  }
}

/** The metadata with which a server of the stateless generation is asked for a client that began with this `initialize`. */
export function modernMetaFor(initialize: Message): string {
  return changedMembers(initialize.raw, null, metaOf(helloOf(initialize), null))
}

/**
 * A client of the generation with sessions, which began with `initialize`, on a server that speaks only the stateless one and answered
 * `discovered` to `server/discover`. Each request of the client is one request of the server, under another id and with the metadata that
 * it needs; what the server wants in between is asked of the client (protocol.md 1.3).
 */
export function openForLegacyClient(initialize: Message, discovered: Message, deps: FaceDeps): LegacyFace {
  const { toClient, lost } = deps
  const hello = helloOf(initialize)
  const offered = objectOf(discovered.json.result)
  const offers = carriedFromServer(offered.capabilities)
  let level: string | null = null
  /** What ends a request of the client, by the key of its id. */
  const running = new Map<string, () => void>()

  const rounds = createInputRounds(deps, () => hello.capabilities)
  const peer = createPeer(deps, { request: refuseServer, notification: fromServer })
  const meta = () => changedMembers(initialize.raw, null, metaOf(hello, null))
  const forward = (message: Message) => {
    const { raw, method } = message
    const params = message.spans.get('params')
    const left = changedMembers(raw, metaSpan(message), { [metaKeys.subscription]: null })
    const changes = { _meta: left === '{}' ? null : left }
    toClient(lines.notification(method ?? '', params ? changedMembers(raw, params, changes) : null))
  }
  const listening = createListening({ ...deps, peer, offers, meta, toClient: forward, news: toClient })

  /** In this generation servers ask through results. */
  function refuseServer({ id }: Message): void {
    peer.say(lines.error(id?.text ?? 'null', codes.methodNotFound, 'Toolgate: this version has no requests of servers'))
  }

  function fromServer(message: Message): void {
    if (message.method === 'notifications/cancelled') return
    if (!listening.take(message)) forward(message)
  }

  function begin({ text }: MessageId): void {
    const result = discovered.spans.get('result')
    const instructions = result && member(discovered.raw, result, 'instructions')
    const serverMeta = result && member(discovered.raw, result, '_meta')
    const info = serverMeta && member(discovered.raw, serverMeta, metaKeys.server)
    const server = info ? textOf(discovered.raw, info) : '{"name":"unnamed","version":"0"}'
    const capabilities = JSON.stringify(offers)
    const told = instructions ? `,"instructions":${textOf(discovered.raw, instructions)}` : ''
    const body = `"protocolVersion":"${hello.version}","capabilities":${capabilities},"serverInfo":${server}${told}`
    toClient(lines.result(text, `{${body}}`))
  }

  /** What the bridge answers itself; false for a request that the server gets. */
  function answered(message: Message, id: MessageId): boolean {
    const { method } = message
    const { level: wanted, uri } = paramsOf(message)
    const invalid = (what: string) => toClient(lines.error(id.text, codes.invalidParams, `Invalid params: ${what}`))
    const done = (problem: string | null) =>
      problem === null ? toClient(lines.result(id.text, '{}')) : invalid(problem)
    if (method === 'initialize') begin(id)
    else if (method === 'ping') done(null)
    else if (method === 'logging/setLevel') {
      const known = typeof wanted === 'string' && logLevels.includes(wanted)
      if (known) level = wanted
      done(known ? null : '`level` is none of the log levels')
    } else if (method === 'resources/subscribe' || method === 'resources/unsubscribe') {
      if (typeof uri !== 'string') invalid('`uri` must be a string')
      else if (method === 'resources/subscribe') listening.subscribe(uri, done)
      else {
        listening.unsubscribe(uri)
        done(null)
      }
    } else if (unknownHere.test(method ?? '')) {
      toClient(lines.error(id.text, codes.methodNotFound, `Method not found: ${method}`))
    } else return false
    return true
  }

  /** Asks the server; again, with what the client gave meanwhile, when it wanted something first. */
  function relay(
    message: Message,
    id: MessageId,
    round: number,
    more: { inputResponses?: string; requestState?: string },
  ) {
    const changes = { ...metaOf(hello, level), [metaKeys.logLevel]: level === null ? null : JSON.stringify(level) }
    const params = () =>
      changedMembers(message.raw, message.spans.get('params'), {
        // They are the server's own business with us, whatever the client says.
        ...{ inputResponses: more.inputResponses ?? null, requestState: more.requestState ?? null },
        _meta: changedMembers(message.raw, metaSpan(message), changes),
      })
    const asking: Asking = {
      answered(answer) {
        listening.reached()
        settle(message, id, round, answer)
      },
      failed: (error) => {
        running.delete(id.key)
        lost(id, error)
      },
    }
    const own = peer.ask(message.method ?? '', params, asking)
    running.set(id.key, () => peer.cancel(own, 'the client cancelled it'))
  }

  function settle(message: Message, id: MessageId, round: number, answer: Message): void {
    running.delete(id.key)
    const { resultType } = objectOf(answer.json.result)
    if (answer.spans.has('error')) toClient(lines.errorText(id.text, legacyError(message, answer)))
    else if (resultType === undefined || resultType === 'complete') complete(message, id, answer)
    else if (resultType === 'input_required' && mayAskForInput.has(message.method ?? ''))
      ask(message, id, round, answer)
    else fail(id, 'the server answered with a kind of result that this client cannot be given')
  }

  function fail(id: MessageId, why: string): void {
    toClient(lines.error(id.text, codes.internal, `Toolgate: ${why}`))
  }

  function ask(message: Message, id: MessageId, round: number, answer: Message): void {
    if (round >= mostRounds) {
      fail(id, `the server asked more than ${mostRounds} times before it answered`)
      return
    }
    const result = answer.spans.get('result')
    const state = result && member(answer.raw, result, 'requestState')
    const requestState = state ? { requestState: textOf(answer.raw, state) } : {}
    const withdraw = rounds.gather(answer, (gathered) => {
      running.delete(id.key)
      if ('refused' in gathered) {
        const { code, message: why } = gathered.refused
        toClient(lines.error(id.text, code, why))
      } else relay(message, id, round + 1, { inputResponses: gathered.responses, ...requestState })
    })
    running.set(id.key, withdraw)
  }

  function complete(message: Message, id: MessageId, answer: Message): void {
    try {
      toClient(lines.result(id.text, legacyResult(message, answer)))
    } catch (error) {
      lost(id, error instanceof ToolgateError ? error : new ToolgateError('RESULT_WITHHELD'))
    }
  }

  function notified(message: Message): void {
    if (message.method === 'notifications/initialized') listening.begin()
    if (message.method !== 'notifications/cancelled') return
    const key = cancelledKey(message) ?? ''
    running.get(key)?.()
    running.delete(key)
  }

  return {
    fromClient(line) {
      const message = parseMessage(line)
      if (message.kind === 'response') rounds.take(message)
      else if (message.kind === 'notification') notified(message)
      else if (message.id && !answered(message, message.id)) relay(message, message.id, 0, {})
    },
    line: peer.fromServer,
    tooLong: peer.tooLong,
    skipped: peer.skipped,
    lost: ({ text }, error) => void peer.lost(text, error),
    ...{ close: listening.close, woke: listening.woke },
    forget() {
      peer.forget()
      for (const end of running.values()) end()
      running.clear()
      listening.forget()
    },
    resume: listening.resume,
  }
}
