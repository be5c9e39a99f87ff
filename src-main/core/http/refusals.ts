import type { ServerResponse } from 'node:http'

/** Every way in which this door refuses a request before its message reaches a session: status, what is said, what to do next. */
const refusals = {
  WRONG_HOST: [
    403,
    'the Host header is not the address of this gateway',
    'use the address that `toolgate status` shows',
  ],
  FORWARDED: [
    403,
    'a proxy handed this on under the address of this machine, so that its sender would be taken for a program of this machine',
    'set `public_origin` in settings.json, and let the proxy hand on the Host that it was asked for',
  ],
  WRONG_ORIGIN: [403, 'web pages have no access', 'use an MCP client'],
  NO_TOKEN: [
    401,
    'a valid bearer token is needed',
    'sign in as the WWW-Authenticate header says, or make one with `toolgate token create --client NAME`, and send it in the Authorization header',
  ],
  WRONG_SCOPE: [403, 'the token lets its app not in here', 'ask for the scope that the WWW-Authenticate header names'],
  CLOSING: [503, 'this gateway is ending', 'try again once it runs'],
  WRONG_METHOD: [405, 'this method has no meaning here', 'send messages with POST'],
  NOT_HERE: [404, 'there is nothing at this address', 'use the address that `toolgate status` shows, without a query'],
  WRONG_TYPE: [415, 'the body must be JSON', 'send Content-Type: application/json'],
  WRONG_ACCEPT: [
    406,
    'the client accepts no form in which this could be answered',
    'send Accept: application/json, text/event-stream',
  ],
  BAD_VERSION: [
    400,
    'this protocol version is not spoken here',
    'initialize anew, and send the version that was agreed on',
  ],
  NO_SESSION: [400, 'a session id is needed', 'begin with `initialize`, and send the Mcp-Session-Id that it gives'],
  UNKNOWN_SESSION: [404, 'there is no such session of this client', 'begin a new one with `initialize`'],
  SECOND_STREAM: [409, 'this session already has a stream open', 'close the other one first'],
  EVENTS_GONE: [400, 'the events after this one are no longer kept', 'begin a new session with `initialize`'],
  MALFORMED: [400, 'this message cannot be taken', 'see the detail'],
  TOO_MANY_SESSIONS: [429, 'too many sessions are open', 'end some with DELETE, or wait until they run out'],
  TOO_MANY_REQUESTS: [429, 'too many requests of this client are open', 'wait until some of them are answered'],
} as const satisfies Record<string, readonly [status: number, message: string, hint: string]>

/** One of the reasons for which this door refuses. */
export type RefusalCode = keyof typeof refusals

/** What every answer of this door carries: nothing is cached, guessed at, or readable by pages. */
const always = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }

/** Begins an answer of `length` bytes of JSON. False when one began already, or the client is gone. */
export function beginJson(
  res: ServerResponse,
  status: number,
  length: number,
  headers: Record<string, string> = {},
): boolean {
  if (res.headersSent || res.destroyed) return false
  res.writeHead(status, {
    ...always,
    ...headers,
    'content-type': 'application/json',
    'content-length': String(length),
  })
  return true
}

/** Answers with one short line of JSON of our own. An answer that began already, or whose client is gone, stays as it is. */
export function sendJson(res: ServerResponse, status: number, line: Buffer, headers?: Record<string, string>): void {
  if (beginJson(res, status, line.length, headers)) res.end(line)
}

/** Answers without a body, as to a notification. */
export function sendNothing(res: ServerResponse, status: number): void {
  if (res.headersSent || res.destroyed) return
  res.writeHead(status, { ...always, 'content-length': '0' })
  res.end()
}

/**
 * Begins a stream of events; proxies on the way must neither keep nor gather them. Its headers leave with the first event, which
 * must follow at once: by themselves they would be a write of their own, and wake the client for nothing.
 */
export function beginEvents(res: ServerResponse, headers: Record<string, string> = {}): void {
  res.writeHead(200, { ...always, ...headers, 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' })
}

/** The bytes of one event: what stands before the message, the message as one line, as it came, and what ends it. */
export function eventParts(line: Buffer, id?: string): [before: Buffer, line: Buffer, after: Buffer] {
  return [Buffer.from(`${id === undefined ? '' : `id: ${id}\n`}data: `), line, Buffer.from('\n\n')]
}

/** An answer as the only event of a stream, for a client that takes no JSON. */
export function sendOnlyEvent(res: ServerResponse, line: Buffer, headers: Record<string, string>): void {
  if (res.headersSent || res.destroyed) return
  beginEvents(res, headers)
  res.end(Buffer.concat(eventParts(line)))
}

/** Refuses a request with a JSON-RPC error that says why and what to do. `idText`: the id of the message, as far as it is known. */
export function refuse(
  res: ServerResponse,
  code: RefusalCode,
  {
    idText = 'null',
    detail = '',
    headers = {},
  }: { idText?: string; detail?: string; headers?: Record<string, string> } = {},
): void {
  const [status, message, hint] = refusals[code]
  const said = detail === '' ? message : `${message}: ${detail}`
  const error = { code: -32600, message: `Toolgate: ${said} (what to do: ${hint})`, data: { code, hint } }
  sendJson(res, status, Buffer.from(`{"jsonrpc":"2.0","id":${idText},"error":${JSON.stringify(error)}}`), headers)
}
