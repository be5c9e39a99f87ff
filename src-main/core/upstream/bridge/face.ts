import type { Message } from '../../json/message.ts'
import type { Clock, Log } from '../../ports.ts'
import type { ServerEvents } from '../../registry/inspect.ts'

/** One way to carry messages between a client and its server, for as long as the server runs. */
export type Face = Pick<ServerEvents, 'line' | 'tooLong' | 'skipped' | 'lost' | 'woke'> & {
  fromClient: (line: Buffer) => void
  close: () => void
  /**
   * The server ended, and will be another process with the next request: what it was asked is forgotten, and answered by whoever is told
   * by `ServerEvents`. Gives the face that goes on then; null when nothing had begun, and the client's next message is its first again.
   */
  serverEnded?: () => Face | null
}

/** What a face works with: the way to the server, the way to the client, and how a request of the client is told to be lost. */
export type FaceDeps = {
  toServer: (line: Buffer) => void
  toClient: (line: Buffer) => void
  lost: ServerEvents['lost']
  /** Has a request of the client, as it was, decided anew, and asked of the new process. */
  again: (line: Buffer) => Promise<void>
  /** Ends the session with its server, saying why. */
  end: (reason: string) => void
  /** Runs something once what came together was taken. What fails in there, or in a timer of `clock`, is contained. */
  soon: (fn: () => void) => void
  clock: Clock
  log: Log
}

/** The id of a request. */
export type MessageId = NonNullable<Message['id']>
