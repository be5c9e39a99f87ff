import { randomBytes } from 'node:crypto'
import { messageIn } from '../json/message.ts'
import { splice } from '../json/spans.ts'

const [method, id] = [Buffer.from('"method"'), Buffer.from('"id"')]
/** Where the envelope of a long message is looked for: searching all of it would take longer than carrying it. */
const edge = 1024

/** So many are kept in mind. */
const mostLeft = 1_000

/** Whether a key of the envelope may be in a line, as far as its beginning and end tell. */
function has(line: Buffer, key: Buffer): boolean {
  if (line.length <= 4 * edge) return line.includes(key)
  return line.subarray(0, edge).includes(key) || line.subarray(-edge).includes(key)
}

/**
 * What the process of a server asked its client (sampling, elicitation, roots) and waits for. A process that comes after counts
 * from the same number again: an answer to the one before must not be taken for an answer to it, so a question under an id
 * that was left open goes out under one of ours.
 */
export function createAskedOfClient() {
  const prefix = `toolgate-asked-${randomBytes(8).toString('hex')}-`
  /** Keys of what the process asked, with the id's own text. */
  const asked = new Map<string, string>()
  /** Keys that processes before it left open, newest last: the client may still answer them, and we may have for it. */
  const left = new Set<string>()
  /** Our ids, with the text of those they stand for. */
  const renamed = new Map<string, string>()
  let count = 0

  return {
    /** What the server says, as the client is to hear it. */
    fromServer(line: Buffer): Buffer {
      if (!has(line, method) || !has(line, id)) return line
      const message = messageIn(line)
      if (message?.kind !== 'request' || !message.id) return line
      if (!left.has(message.id.key)) {
        asked.set(message.id.key, message.id.text)
        return line
      }
      const own = `${prefix}${++count}`
      renamed.set(`string:${own}`, message.id.text)
      asked.set(`string:${own}`, JSON.stringify(own))
      return splice(line, [{ span: message.id.span, text: JSON.stringify(own) }])
    },

    /** What the client says, as the server is to hear it; null when the process that asked is gone. */
    fromClient(line: Buffer): Buffer | null {
      if ((asked.size === 0 && left.size === 0) || has(line, method)) return line
      const message = messageIn(line)
      if (message?.kind !== 'response' || !message.id) return line
      const { key, span } = message.id
      const original = renamed.get(key)
      renamed.delete(key)
      if (asked.delete(key)) return original === undefined ? line : splice(line, [{ span, text: original }])
      return left.has(key) ? null : line
    },

    /** The process is gone: gives what tells the client that its questions want no answer any more. */
    gone(): Buffer[] {
      const lines = [...asked].map(([key, text]) => {
        left.add(key)
        const params = `{"requestId":${text},"reason":"the server ended"}`
        return Buffer.from(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":${params}}`)
      })
      for (const oldest of left) {
        if (left.size <= mostLeft) break
        left.delete(oldest)
      }
      asked.clear()
      renamed.clear()
      return lines
    },
  }
}
