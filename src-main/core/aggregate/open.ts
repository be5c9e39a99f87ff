import type { ClientWire } from '../gateway/session.ts'
import { keyOf, type Message, progressKey } from '../json/message.ts'
import type { Member } from './member.ts'

/** A request of the client that is not answered yet. `member`: the server that has it; null while nobody has. */
export type OpenRequest = {
  id: NonNullable<Message['id']>
  method: string
  member: Member | null
  /** The token under which its progress is told, as a key. */
  progress: string | null
  /** It named a resource in the longer form. */
  prefixed: boolean
}

/** The open requests of a client, by the key of their id. */
export function createOpenRequests({ toClient, unanswered }: Pick<ClientWire, 'toClient' | 'unanswered'>) {
  const open = new Map<string, OpenRequest>()

  return {
    has: (key: string) => open.has(key),
    get: (key: string) => open.get(key),
    size: () => open.size,

    add(message: Message, id: OpenRequest['id']): OpenRequest {
      const request = {
        id,
        method: message.method ?? '',
        member: null,
        progress: progressKey(message),
        prefixed: false,
      }
      open.set(id.key, request)
      return request
    },

    /** Whether a request still waits: it was neither answered nor cancelled. */
    waits: (request: OpenRequest) => open.get(request.id.key) === request,

    /** The request of this id, when this server has it. */
    of(member: Member, key: string): OpenRequest | null {
      const request = open.get(key)
      return request?.member === member ? request : null
    },

    /** Whether a server has a request whose progress is told under this token. */
    withProgress(member: Member, token: unknown): boolean {
      const key = keyOf(token)
      return key !== null && [...open.values()].some((request) => request.member === member && request.progress === key)
    },

    /** Answers a request, once. */
    answer(key: string, line: Buffer): void {
      if (open.delete(key)) toClient(line)
    },

    /** The request gets no answer. */
    drop({ id }: OpenRequest): void {
      if (open.delete(id.key)) unanswered?.(id)
    },

    /** The same by its key, for one that may be over already. */
    dropped(key: string): void {
      const request = open.get(key)
      if (open.delete(key) && request) unanswered?.(request.id)
    },

    /** The requests that a server has. */
    at: (member: Member) => [...open.values()].filter((request) => request.member === member),
  }
}

export type OpenRequests = ReturnType<typeof createOpenRequests>
