import { ToolgateError } from '../../../shared/errors.ts'
import { cancelledKey, type Message, messageIn, parseMessage } from '../json/message.ts'
import { outlineOf } from '../json/outline.ts'
import { elements, skipSpace, wholeValue } from '../json/spans.ts'
import { errorLine } from './to-client.ts'

/** The only version in which clients send several messages as one (MCP 2025-03-26, JSON-RPC batching). */
export const batchVersion = '2025-03-26'

/** Messages in one batch, and their bytes: they are decided one after the other, while nobody else is. */
const longestBatch = 100
const mostBytes = 131_072
/** What reading one may cost, which is done more than once (`src-main/core/json/outline.ts`). */
const mostWork = 4_000_000

/** `initialize` is short; a longer line is not looked at for it. */
const longestGreeting = 65_536

/** True for a text whose outermost value is a list. */
export function isBatch(line: Buffer): boolean {
  return line[skipSpace(line, 0)] === 0x5b
}

/** What came together: each message in its own bytes, and the requests among them. */
export type ReadBatch = { messages: Buffer[]; requests: Message[] }

/**
 * The messages in a batch. Throws MESSAGE_TOO_LARGE, and MALFORMED_MESSAGE for what is none as a whole: no JSON, empty, too
 * long, with `initialize` in it, or with two requests of one id, whose answers could not be told apart.
 */
export function batchOf(line: Buffer): ReadBatch {
  const malformed = (detail: string) => new ToolgateError('MALFORMED_MESSAGE', detail)
  if (line.length > mostBytes || outlineOf(line, mostWork).work > mostWork) {
    throw new ToolgateError(
      'MESSAGE_TOO_LARGE',
      `a batch holds at most ${mostBytes} bytes, and less of many values or names`,
    )
  }
  const messages = partsOf(line)
  if (!messages) throw malformed('it is not valid JSON')
  if (messages.length === 0) throw malformed('a batch needs at least one message')
  if (messages.length > longestBatch) throw malformed(`a batch holds ${longestBatch} messages at most`)
  const requests = messages.flatMap((message) => requestIn(message) ?? [])
  if (requests.some(({ method }) => method === 'initialize')) throw malformed('`initialize` cannot be in a batch')
  if (new Set(requests.map(({ id }) => id?.key)).size < requests.length) {
    throw malformed('two requests of a batch have the same id')
  }
  return { messages, requests }
}

/** The request in these bytes; null when it is another message, or none. */
export function requestIn(raw: Buffer): Message | null {
  const message = messageIn(raw, 'client')
  return message?.kind === 'request' ? message : null
}

/** The key of the request that a line cancels; null when it cancels none. */
function cancelledIn(line: Buffer): string | null {
  if (!line.includes('notifications/cancelled')) return null
  const message = messageIn(line, 'client')
  return message?.method === 'notifications/cancelled' ? cancelledKey(message) : null
}

/** The version that an answer to `initialize` agrees on; null when it names none. */
export function agreedVersion({ json }: Message): string | null {
  const { result } = json as { result?: { protocolVersion?: unknown } | null }
  return typeof result?.protocolVersion === 'string' ? result.protocolVersion : null
}

/** What lies in a list, each in its own bytes; null when the text is no JSON. */
export function partsOf(line: Buffer): Buffer[] | null {
  try {
    JSON.parse(line.toString('utf8'))
  } catch {
    return null
  }
  return elements(line, wholeValue(line)).map(({ start, end }) => line.subarray(start, end))
}

/** Answers as one text. */
export function joinAnswers(answers: readonly Buffer[]): Buffer {
  const parts = answers.flatMap((answer, index) => (index === 0 ? [answer] : [Buffer.from(','), answer]))
  return Buffer.concat([Buffer.from('['), ...parts, Buffer.from(']')])
}

/** A batch whose requests are not all answered; `left` counts those. */
type Batch = { answers: Buffer[]; left: number }

/** `refused`: records a batch that is refused as a whole; throws AUDIT_UNWRITABLE. */
type Wire = {
  fromClient: (line: Buffer) => void
  toClient: (line: Buffer) => void
  refused: (bytes: number, why: string) => void
}

/**
 * Batches over a wire of lines, in front of a session: each message in one reaches the session by itself, in its own bytes,
 * and the answers leave together, once all are there. In any other version than 2025-03-26 a batch stays one line, which the
 * session refuses. What is in no batch passes as it is.
 */
export function createBatches({ fromClient, toClient, refused }: Wire) {
  const open = new Map<string, Batch>()
  let greeting: string | null = null
  let version: string | null = null
  /** The batch whose message the session has in its hands: what cannot be read is refused at once. */
  let handing: Batch | null = null

  function taken(line: Buffer): void {
    const message = requestIn(line)
    if (message?.method === 'initialize') greeting = message.id?.key ?? null
  }

  function hand(batch: Batch, raw: Buffer): void {
    const id = requestIn(raw)?.id
    if (id) {
      batch.left++
      open.set(id.key, batch)
    } else handing = batch
    try {
      fromClient(raw)
    } finally {
      handing = null
    }
  }

  function finish(batch: Batch): void {
    if (batch.left === 0 && batch.answers.length > 0) toClient(joinAnswers(batch.answers.splice(0)))
  }

  function refuse(line: Buffer, error: Error, idText = 'null'): void {
    let told: unknown = error
    try {
      refused(line.length, error.message)
    } catch (unrecorded) {
      told = unrecorded
    }
    toClient(errorLine(idText, told, ''))
  }

  function take(line: Buffer): void {
    let read: ReadBatch
    try {
      read = batchOf(line)
      const twice = read.requests.some(({ id }) => open.has(id?.key ?? ''))
      if (twice) throw new ToolgateError('MALFORMED_MESSAGE', 'a request with this id is still open')
    } catch (error) {
      refuse(line, error as Error)
      return
    }
    // One more than there are, until all were handed over: an answer may come at once.
    const batch: Batch = { answers: [], left: 1 }
    for (const raw of read.messages) hand(batch, raw)
    batch.left--
    finish(batch)
  }

  function answered(key: string, line: Buffer | null): boolean {
    const batch = open.get(key)
    if (!batch) return false
    open.delete(key)
    batch.left--
    if (line) batch.answers.push(line)
    finish(batch)
    return true
  }

  /** One message beside open batches: it must not be taken for a part of one, and may cancel one. */
  function beside(line: Buffer): void {
    const id = requestIn(line)?.id
    if (id && open.has(id.key)) {
      refuse(line, new ToolgateError('MALFORMED_MESSAGE', 'a request with this id is still open'), id.text)
      return
    }
    fromClient(line)
    const cancelled = cancelledIn(line)
    // A request that is cancelled may never be answered; calls say so themselves.
    if (cancelled !== null) answered(cancelled, null)
  }

  return {
    fromClient(line: Buffer): void {
      if (version === batchVersion && isBatch(line)) {
        take(line)
        return
      }
      if (version === null && line.length < longestGreeting && line.includes('"initialize"')) taken(line)
      if (open.size > 0) beside(line)
      else fromClient(line)
    },

    toClient(line: Buffer): void {
      if (greeting === null && open.size === 0 && !handing) {
        toClient(line)
        return
      }
      const message = parseMessage(line)
      const key = message.kind === 'response' ? (message.id?.key ?? null) : undefined
      if (key === greeting && key !== null) {
        version = agreedVersion(message)
        greeting = null
      }
      if (typeof key === 'string' && answered(key, line)) return
      if (key !== undefined && handing) handing.answers.push(line)
      else toClient(line)
    },

    /** A request of the client gets no answer: its batch does not wait for it. */
    unanswered: (key: string) => void answered(key, null),
  }
}
