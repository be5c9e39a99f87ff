import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Message } from '../json/message.ts'
import type { Way } from '../origins.ts'

/**
 * Which client calls, as far as its token says; `scopes`: JSON text of the rights that it holds; `tenant`: for whom it works with this token,
 * empty for nobody in particular.
 */
export type Caller = { id: string; name: string; scopes: string | null; tenant: string }

/** Who owns what a caller opened: a client for one tenant. To the same client with the token of another it does not exist. */
export function ownerOf({ id, tenant }: Caller): string {
  return JSON.stringify([id, tenant])
}

/** One request that came through the checks at the door. */
export type Exchange = {
  caller: Caller
  /** By which origin it came. */
  way: Way
  /** Whether what it opened may go on; see `Verdict`. */
  lasts: () => boolean
  serverName: string
  req: IncomingMessage
  res: ServerResponse
  accepts: Accepts
}

/** One that brings a message. */
export type Posted = Exchange & { message: Message }

/** In which forms the client takes answers. */
export type Accepts = { json: boolean; events: boolean }

/** Reads an `Accept` header; without one any form will do, and JSON is the simpler. */
export function acceptsOf(header: string | undefined): Accepts {
  const types = (header ?? '*/*').split(',').map((part) => part.split(';')[0]?.trim().toLowerCase())
  return {
    json: types.some((type) => type === 'application/json' || type === 'application/*' || type === '*/*'),
    events: types.some((type) => type === 'text/event-stream' || type === 'text/*'),
  }
}

/** The value of a header that has one, without the white space around it; null when it is absent or repeated. */
export function headerOf({ headers }: IncomingMessage, name: string): string | null {
  const value = headers[name]
  return typeof value === 'string' ? value.trim() : null
}
