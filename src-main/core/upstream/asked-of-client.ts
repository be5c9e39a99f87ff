import { randomBytes } from 'node:crypto'
import { ToolgateError } from '../../../shared/errors.ts'
import { errorLine } from '../gateway/to-client.ts'
import { cancelledKey, type Message, messageIn, paramOf } from '../json/message.ts'
import { splice } from '../json/spans.ts'
import { hasId, hasMethod, mentions } from './line-kind.ts'

const cancelled = Buffer.from('notifications/cancelled')

/** So many a process may have open, and so many of those before it are kept in mind. */
const mostAsked = 1_000
const mostLeft = 1_000
/** Longest id of a question, as JSON text. */
const longestId = 1_024

/**
 * What the process of a server asked its client (sampling, elicitation, roots) and waits for. A process that comes after counts
 * from the same number again: an answer to the one before must not be taken for an answer to it, so a question under an id
 * that was left open goes out under one of ours. `refuse` gets the answer to a question that nobody can keep in mind.
 */
export function createAskedOfClient(refuse: (answer: Buffer) => void) {
  const prefix = `toolgate-asked-${randomBytes(8).toString('hex')}-`
  /** Keys of what the process asked, with the id's own text. */
  const asked = new Map<string, string>()
  /** Keys that were left open or taken back, newest last: the client may still answer them, and we may have for it. */
  const left = new Set<string>()
  /** Our ids, with the text and key of those they stand for. */
  const renamed = new Map<string, { text: string; key: string }>()
  let count = 0

  function leave(key: string): void {
    left.delete(key)
    left.add(key)
    const [oldest] = left
    if (left.size > mostLeft && oldest !== undefined) left.delete(oldest)
  }

  /** Under which key the client knows a question of the process. */
  function keyAtClient(key: string): string {
    return [...renamed].findLast(([, original]) => original.key === key)?.[0] ?? key
  }

  /** The server wants no answer any more to a question of its own, which the client may know under an id of ours. */
  function takenBack(message: Message): Buffer {
    const key = keyAtClient(cancelledKey(message) ?? '')
    const text = asked.get(key)
    const span = paramOf(message, 'requestId')
    if (text === undefined || !span) return message.raw
    asked.delete(key)
    leave(key)
    return renamed.delete(key) ? splice(message.raw, [{ span, text }]) : message.raw
  }

  /** Answers a question that cannot be kept in mind, also without its id where that is too long; false for any other. */
  function isRefused(idText: string): boolean {
    const isLong = idText.length > longestId
    if (!isLong && asked.size < mostAsked) return false
    const why = isLong
      ? `the id of a request has ${longestId} characters at most`
      : `${mostAsked} requests are open already`
    refuse(errorLine(isLong ? 'null' : idText, new ToolgateError('MALFORMED_MESSAGE', why), ''))
    return true
  }

  function question({ raw, id }: Message): Buffer | null {
    if (!id) return raw
    if (isRefused(id.text)) return null
    if (!left.has(id.key)) {
      asked.set(id.key, id.text)
      return raw
    }
    const own = `${prefix}${++count}`
    renamed.set(`string:${own}`, { text: id.text, key: id.key })
    asked.set(`string:${own}`, JSON.stringify(own))
    return splice(raw, [{ span: id.span, text: JSON.stringify(own) }])
  }

  return {
    /** What the server says, as the client is to hear it; null when it is refused. */
    fromServer(line: Buffer): Buffer | null {
      if (!hasMethod(line) || !(hasId(line) || (asked.size > 0 && mentions(line, cancelled)))) return line
      const message = messageIn(line)
      if (message?.kind === 'request') return question(message)
      return message?.method === 'notifications/cancelled' ? takenBack(message) : line
    },

    /** What the client says, as the server is to hear it; null when the process that asked is gone, or wants no answer. */
    fromClient(line: Buffer): Buffer | null {
      if ((asked.size === 0 && left.size === 0) || hasMethod(line)) return line
      const message = messageIn(line)
      if (message?.kind !== 'response' || !message.id) return line
      const { key, span } = message.id
      const original = renamed.get(key)
      renamed.delete(key)
      if (asked.delete(key)) return original === undefined ? line : splice(line, [{ span, text: original.text }])
      return left.has(key) ? null : line
    },

    /** The process is gone: gives what tells the client that its questions want no answer any more. */
    gone(): Buffer[] {
      const lines = [...asked].map(([key, text]) => {
        leave(key)
        const params = `{"requestId":${text},"reason":"the server ended"}`
        return Buffer.from(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":${params}}`)
      })
      asked.clear()
      renamed.clear()
      return lines
    },
  }
}
