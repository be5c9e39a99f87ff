import { randomBytes } from 'node:crypto'
import { ToolgateError } from '../../../../shared/errors.ts'
import { createTooLong } from '../../gateway/too-long.ts'
import { type Message, messageIn } from '../../json/message.ts'
import { salvage } from '../../json/salvage.ts'
import type { FaceDeps } from './face.ts'
import { codes, lines } from './vocabulary.ts'

/** Who waits for the answer to a request: it is answered, or never will be. */
export type Asking = { answered: (answer: Message) => void; failed: (error: ToolgateError) => void }

/** What a server says that is no answer. */
export type FromServer = { request: (message: Message) => void; notification: (message: Message) => void }

export type Peer = ReturnType<typeof createPeer>

/**
 * The requests that the bridge has with a server. They all go out under ids of ours, that no client can guess, so that a client's
 * repeated request and the bridge's own never meet; answers come back to who asked.
 */
export function createPeer(
  { toServer: write, soon, log }: Pick<FaceDeps, 'toServer' | 'soon' | 'log'>,
  on: FromServer,
) {
  const waiting = new Map<string, Asking>()
  const prefix = `toolgate-bridge-${randomBytes(8).toString('hex')}-`
  let count = 0

  function taken(id: unknown): Asking | null {
    const asking = typeof id === 'string' ? waiting.get(id) : undefined
    if (asking) waiting.delete(String(id))
    return asking ?? null
  }

  /** Ends what waits for the answer `idText`; false when nothing does. */
  function fail(idText: string, error: ToolgateError): boolean {
    const asking = taken(JSON.parse(idText))
    asking?.failed(error)
    return asking !== null
  }

  function unreadable(line: Buffer): void {
    const { idText, asks } = salvage(line)
    log.info('a server wrote something that is not a message', { bytes: line.length })
    if (idText === 'null') return
    if (asks) write(lines.error(idText, codes.internal, 'Toolgate: this request cannot be read'))
    else fail(idText, new ToolgateError('RESULT_WITHHELD', 'it is not one well-formed message'))
  }

  return {
    /** Asks the server; `params` gets the id that the request has, as JSON text, and gives JSON text. Gives that id. */
    ask(method: string, params: (ownText: string) => string | null, asking: Asking): string {
      const own = `${prefix}${++count}`
      waiting.set(own, asking)
      try {
        write(lines.request(JSON.stringify(own), method, params(JSON.stringify(own))))
      } catch (error) {
        // Who asks must know the id before it hears that it failed.
        const why = error instanceof ToolgateError ? error : new ToolgateError('INTERNAL')
        soon(() => taken(own)?.failed(why))
      }
      return own
    },

    /** Nothing is wanted any more of a request, which its server is told when it is still open. */
    cancel(own: string, reason: string): void {
      if (!waiting.delete(own)) return
      write(lines.notification('notifications/cancelled', JSON.stringify({ requestId: own, reason })))
    },

    say: write,

    /** The server is gone: nothing that it was asked is waited for. */
    forget: () => waiting.clear(),

    fromServer(line: Buffer): void {
      const message = messageIn(line)
      if (!message) unreadable(line)
      else if (message.kind === 'request') on.request(message)
      else if (message.kind === 'notification') on.notification(message)
      else if (!message.id) log.info('an answer to nothing was dropped', {})
      else {
        const asking = taken(message.json.id)
        if (asking) asking.answered(message)
        else log.info('an answer that nobody waits for was dropped', {})
      }
    },

    lost: (idText: string, error: ToolgateError): boolean => fail(idText, error),

    ...createTooLong((head, idText) => {
      if (idText === 'null') return
      if (salvage(head).asks) write(lines.error(idText, codes.internal, 'Toolgate: this request is too large'))
      else fail(idText, new ToolgateError('MESSAGE_TOO_LARGE'))
    }),
  }
}
