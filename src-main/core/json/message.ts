import { isUtf8 } from 'node:buffer'
import { ToolgateError } from '../../../shared/errors.ts'
import { isObject } from '../../../shared/is-object.ts'
import { mostWork, type Outline, outlineOf } from './outline.ts'
import { type Member, members, type Span, textOf } from './spans.ts'

/** One JSON-RPC 2.0 message, parsed for judging, with its own bytes for forwarding. */
export type Message = {
  /** The line as it came, without the line feed. */
  raw: Buffer
  kind: 'request' | 'notification' | 'response'
  /** Present on requests and responses: the id's own text, and a key under which the answer finds it. */
  id: { text: string; key: string; span: Span } | null
  method: string | null
  /** Parsed copy; numbers may be rounded here, see `parseExact`. */
  json: Record<string, unknown>
  /** Where the members of the envelope lie. */
  spans: Map<string, Span>
  /** Where the members of `params` lie; none when that is no object. */
  params: readonly Member[]
  /** What it cost to read, as `outlineOf` counts; 0 of what is short. */
  work: number
}

/** Shorter messages are read in a few ms, whatever they hold: that leaves them all the work that there may be. */
const shortMessage = 65_536
/**
 * What may be spent on reading: what asks or tells something leaves as much to be looked
 * through as it does not need itself. An answer of a server, which the call waited for, gets more.
 */
const mostReading = { asks: mostWork, answers: 160_000_000 }

/** Who sent a message: answers of clients are short, those of servers need not be. */
export type Sender = 'client' | 'server'

/** What lies where in `bytes`. Throws MESSAGE_TOO_LARGE when nobody should be kept waiting for so long as reading them takes. */
function outlineFor(bytes: Buffer, from: Sender): Outline {
  const outline = outlineOf(bytes, from === 'client' ? mostReading.asks : mostReading.answers)
  const most = asks(outline) || from === 'client' ? mostReading.asks : mostReading.answers
  if (outline.work > most) {
    throw new ToolgateError('MESSAGE_TOO_LARGE', 'it holds so many values or names that reading it would take too long')
  }
  return outline
}

/** Whether it asks or tells something, or might to a reader that does not tell cases apart. */
function asks({ members }: Outline): boolean {
  return members.some(({ key }) => key.length === 6 && /^method$/i.test(key))
}

/** So many keys are compared one by one faster than by a set of them. */
const few = 8
/** Already in the form of all its spellings, as most keys are. */
const plainKey = /^[a-z_]*$/
const envelope = knownKeys('jsonrpc', 'id', 'method', 'params', 'result', 'error')
/** Members of `params` that decide what runs; a second spelling could be what the server reads. */
const decisive = knownKeys('name', 'arguments', 'uri', 'task', '_meta', 'inputResponses', 'requestState')

/** Further ones of single methods, and those that lie in one of them. */
const decisiveOf = new Map<string, { own: KnownKeys; inside?: readonly [key: string, keys: KnownKeys] }>([
  ...['get', 'result', 'cancel', 'update'].map((what) => [`tasks/${what}`, { own: knownKeys('taskId') }] as const),
  ['completion/complete', { own: knownKeys('ref'), inside: ['ref', knownKeys('type', 'name', 'uri')] }],
  [
    'subscriptions/listen',
    { own: knownKeys('notifications'), inside: ['notifications', knownKeys('resourceSubscriptions')] },
  ],
  ['elicitation/create', { own: knownKeys('mode', 'url', 'message', 'requestedSchema') }],
])

function malformed(detail: string): ToolgateError {
  return new ToolgateError('MALFORMED_MESSAGE', detail)
}

/** Keys that a reader looks for, by the form of all their spellings. */
export type KnownKeys = ReadonlyMap<string, string>

/** The keys that somebody reads, for `checkKeys`. */
export function knownKeys(...keys: string[]): KnownKeys {
  return new Map(keys.map((key) => [fold(key), key]))
}

/** One form for all spellings that a case-insensitive parser (Go's) takes for the same key, such as `paramſ` for `params`. */
function fold(key: string): string {
  return plainKey.test(key) ? key : key.toUpperCase().toLowerCase()
}

/**
 * Throws MALFORMED_MESSAGE when a key appears twice among `found`, or when one is another spelling of one of `known`: two
 * parsers could then read different values.
 */
export function checkKeys(found: readonly Member[], known: KnownKeys, where: string): void {
  const seen = found.length > few ? new Set<string>() : null
  let before = 0
  for (const { key } of found) {
    const name = known.get(fold(key)) ?? key
    if (name !== key) throw malformed(`the key \`${key}\` is another spelling of \`${name}\` in ${where}`)
    if (seen ? seen.has(key) : isAmong(found, before, key))
      throw malformed(`the key \`${key}\` appears twice in ${where}`)
    seen?.add(key)
    before++
  }
}

/** Whether one of the first `count` members has this key. */
function isAmong(found: readonly Member[], count: number, key: string): boolean {
  for (let i = 0; i < count; i++) if (found[i]?.key === key) return true
  return false
}

function idOf(json: Record<string, unknown>, raw: Buffer, span: Span | undefined): Message['id'] {
  if (!span || json.id === null) return null
  const key = keyOf(json.id)
  if (key === null) throw malformed('`id` must be a string or a number')
  return { text: textOf(raw, span), key, span }
}

/** The key under which an id or a token is found, which tells `1` from `"1"`; null for what can be neither. */
export function keyOf(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' ? `${typeof value}:${value}` : null
}

/** The key of the request that a `notifications/cancelled` names; null when it names none. */
export function cancelledKey(message: Message): string | null {
  return keyOf(paramsOf(message).requestId)
}

/** The key of the token under which a request wants to hear of its progress; null when it named none. */
export function progressKey(message: Message): string | null {
  return keyOf(metaOf(message).progressToken)
}

/** Where a member of `params` lies; null when it is not there. */
export function paramOf({ params }: Pick<Message, 'params'>, name: string): Span | null {
  return params.find(({ key }) => key === name)?.value ?? null
}

/** Where the `_meta` of a request or notification lies; null when it has none. */
export function metaSpan(message: Pick<Message, 'params'>): Span | null {
  return paramOf(message, '_meta')
}

/** The parameters of a request or notification, parsed; empty when it has none. */
export function paramsOf({ json }: Pick<Message, 'json'>): Record<string, unknown> {
  return objectOf(json.params)
}

/** Its `_meta`, parsed; empty when it has none. */
export function metaOf(message: Pick<Message, 'json'>): Record<string, unknown> {
  return objectOf(paramsOf(message)._meta)
}

/** Any JSON value as an object, empty when it is none. */
export function objectOf(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {}
}

/** The message in a line; null for a line that is none. */
export function messageIn(line: Buffer, from: Sender = 'server'): Message | null {
  try {
    return parseMessage(line, from)
  } catch {
    return null
  }
}

function kindOf(json: Record<string, unknown>, id: Message['id']): Message['kind'] {
  if ('method' in json) {
    if ('result' in json || 'error' in json) throw malformed('it is both a request and an answer')
    if (typeof json.method !== 'string') throw malformed('`method` must be a string')
    if (id) return 'request'
    if ('id' in json) throw malformed('`id` of a request must not be null')
    return 'notification'
  }
  if ('result' in json || 'error' in json) return 'response'
  throw malformed('neither `method`, `result` nor `error` is there')
}

/**
 * Reads one line. Throws ToolgateError MALFORMED_MESSAGE for anything that two parsers could read differently: bytes that are
 * not UTF-8, a bare carriage return (some servers split lines there), duplicate or case-folded envelope keys, and duplicate
 * keys anywhere in `params`. Unknown keys and methods are fine. Throws MESSAGE_TOO_LARGE for what would take too long.
 */
export function parseMessage(raw: Buffer, from: Sender = 'server'): Message {
  const outline = outlineFor(raw, from)
  if (!isUtf8(raw)) throw malformed('it is not valid UTF-8')
  const cr = raw.indexOf(0x0d)
  if (cr >= 0 && cr !== raw.length - 1) throw malformed('it holds a carriage return')
  let json: unknown
  try {
    json = JSON.parse(raw.toString('utf8'))
  } catch {
    throw malformed('it is not valid JSON')
  }
  if (Array.isArray(json)) throw malformed('batches are understood in sessions of protocol 2025-03-26 only')
  if (typeof json !== 'object' || json === null) throw malformed('it is not a JSON object')
  checkKeys(outline.members, envelope, 'the message')
  const spans = new Map(outline.members.map(({ key, value }) => [key, value]))
  const record = json as Record<string, unknown>
  const id = idOf(record, raw, spans.get('id'))
  const kind = kindOf(record, id)
  const method = kind === 'response' ? null : (record.method as string)
  if (method !== null) checkParams(raw, outline, method)
  const work = raw.length > shortMessage ? outline.work : 0
  return { raw, kind, id, method, json: record, spans, params: outline.params, work }
}

function checkParams(raw: Buffer, { params, args, twice }: Outline, method: string): void {
  checkKeys(params, decisive, '`params`')
  const { own, inside } = decisiveOf.get(method) ?? {}
  if (own) checkKeys(params, own, '`params`')
  const holder = inside && params.find(({ key }) => key === inside[0])
  if (inside && holder) checkKeys(members(raw, holder.value), inside[1], `\`${inside[0]}\``)
  if (twice !== null) throw malformed(`the key \`${twice}\` appears twice in \`params\``)
  if (args.length > 1 && new Set(args.map(({ key }) => fold(key))).size < args.length) {
    throw malformed('two keys of `arguments` differ only in case')
  }
}
