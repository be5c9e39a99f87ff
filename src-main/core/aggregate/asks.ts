import { type Names, rename, restore } from '../http/modern-ids.ts'
import type { Message } from '../json/message.ts'
import type { Member } from './member.ts'

type Ask = { member: Member; names: Names }

/**
 * What servers ask of the client (sampling, elicitation, roots): each server counts its own requests, so they go out under
 * numbers of ours, and the client's answers, and what it says of their progress, go back under the server's.
 */
export function createAsks(toClient: (line: Buffer) => void) {
  const open = new Map<string, Ask>()
  let count = 0

  return {
    /** Passes a request of a server on. */
    ask(member: Member, message: Message): void {
      const own = String(++count)
      const renamed = rename(message, own)
      open.set(own, { member, names: renamed.names })
      toClient(renamed.message.raw)
    },

    /** Brings an answer of the client to the server that asked; false when none did. */
    answer(message: Message): boolean {
      const own = String(message.json.id)
      const ask = open.get(own)
      if (!open.delete(own) || !ask) return false
      ask.member.send(restore(message, own, ask.names))
      return true
    },

    /** Brings news about a server's request, by what names it, to that server; false when there is no such request. */
    tell(message: Message, named: unknown): boolean {
      const own = String(named)
      const ask = open.get(own)
      ask?.member.send(restore(message, own, ask.names))
      return ask !== undefined
    },

    /** The server wants no answer any more to what it calls `id`. */
    cancel(member: Member, id: unknown): void {
      const found = [...open].find(([, ask]) => ask.member === member && sameId(ask.names.id, id))
      if (!found) return
      const [own] = found
      open.delete(own)
      toClient(cancelLine(own))
    },

    /** A server is gone: the client need not think about what it asked. */
    gone(member: Member): void {
      for (const [own, ask] of [...open]) {
        if (ask.member !== member) continue
        open.delete(own)
        toClient(cancelLine(own))
      }
    },
  }
}

function sameId(text: string, id: unknown): boolean {
  const known: unknown = JSON.parse(text)
  return typeof known === typeof id && known === id
}

function cancelLine(own: string): Buffer {
  const params = `{"requestId":${own},"reason":"the server no longer asks"}`
  return Buffer.from(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":${params}}`)
}
