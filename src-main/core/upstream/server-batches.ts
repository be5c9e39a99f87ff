import { agreedVersion, batchVersion, isBatch, partsOf } from '../gateway/batches.ts'
import { messageIn } from '../json/message.ts'
import type { StartServer } from '../registry/inspect.ts'

/** The answer to `initialize` is short, and among the first that a server writes. */
const longestGreeting = 65_536
const firstLines = 20

/** Messages in one batch of a server: all are taken in one go, and everybody else waits meanwhile. */
const longestBatch = 1_000

/** The version that a server agrees on in this line; null when it is not the answer to `initialize`. */
function versionIn(line: Buffer): string | null {
  if (line.length > longestGreeting || !line.includes('"protocolVersion"')) return null
  const message = messageIn(line)
  return message && agreedVersion(message)
}

/** The messages of a batch, each in its own bytes; the line itself, which is no message, when it is no list of so many. */
function messagesIn(line: Buffer): Buffer[] {
  const found = partsOf(line) ?? []
  return found.length === 0 || found.length > longestBatch ? [line] : found
}

/**
 * Starts servers that may send several messages as one, which is theirs once they agreed on 2025-03-26 (JSON-RPC batching):
 * what they send comes message by message, each in its own bytes.
 */
export function unbatched(start: StartServer): StartServer {
  return (launch, on, use) => {
    let version: string | null = null
    let lines = 0
    const line = (raw: Buffer) => {
      if (version === null && lines++ < firstLines) version = versionIn(raw)
      if (version !== batchVersion || !isBatch(raw)) on.line(raw)
      else for (const message of messagesIn(raw)) on.line(message)
    }
    return start(launch, { ...on, line }, use)
  }
}
