import { type Agent, request as httpRequest, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import type { Core } from '../../src-main/core/core.ts'
import { person } from './gateway.ts'
import { outcomeOf } from './raw-client.ts'

/** What came back: all of it, once it ended. */
export type HttpAnswer = { status: number; headers: Record<string, string | string[] | undefined>; body: string }

type Headers = Record<string, string | undefined>

/** What both generations ask for. */
export const bothForms = 'application/json, text/event-stream'

/**
 * One request to 127.0.0.1, on a connection of its own unless `agent` has one; a header that is undefined is not sent. Resolves
 * with its response once that begins.
 */
export function begin(
  port: number,
  method: string,
  path: string,
  headers: Headers,
  body?: string | Buffer,
  agent: Agent | false = false,
) {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const given = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined))
  const req = httpRequest({
    host: '127.0.0.1',
    port,
    method,
    path,
    headers: given as Record<string, string>,
    agent,
  })
  req.once('response', resolve)
  req.once('error', reject)
  req.end(body)
  return { req, response: promise }
}

/** One request and its whole answer. */
export async function send(
  port: number,
  method: string,
  path: string,
  headers: Headers,
  body?: string | Buffer,
  agent: Agent | false = false,
): Promise<HttpAnswer> {
  return wholeOf(await begin(port, method, path, headers, body, agent).response)
}

async function wholeOf(response: IncomingMessage): Promise<HttpAnswer> {
  const parts: Buffer[] = []
  for await (const part of response as AsyncIterable<Buffer>) parts.push(part)
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts).toString('utf8') }
}

/** What a socket that sends these bytes gets back until the other side ends it. */
export function sendBytes(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let got = ''
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      got += chunk
    })
    socket.once('error', reject)
    socket.once('close', () => resolve(got))
    socket.write(bytes)
  })
}

/** One event of a stream. */
export type SseEvent = { id: string | null; data: string }

/** Reads a stream of events as it comes. */
export function eventsOf(response: IncomingMessage) {
  const events: SseEvent[] = []
  const waiting = new Set<() => void>()
  let rest = ''
  let ended = false
  const wake = () => {
    for (const check of [...waiting]) check()
  }
  response.setEncoding('utf8')
  response.on('data', (chunk: string) => {
    rest += chunk
    const blocks = rest.split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const fields = block.split('\n')
      const field = (name: string) => fields.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2)
      const data = field('data')
      if (data !== undefined) events.push({ id: field('id') ?? null, data })
    }
    wake()
  })
  response.on('error', () => {})
  response.on('close', () => {
    ended = true
    wake()
  })
  return {
    events,
    ended: () => ended,
    /** The first event, from now or before, whose data `match` accepts; rejects when the stream ends first. */
    until(match: (data: string) => boolean): Promise<SseEvent> {
      return new Promise((resolve, reject) => {
        const check = () => {
          const found = events.find(({ data }) => match(data))
          if (!found && !ended) return
          waiting.delete(check)
          if (found) resolve(found)
          else reject(new Error('the stream ended'))
        }
        waiting.add(check)
        check()
      })
    },
  }
}

/** Makes a client entry with a bearer token, as a person would. */
export async function tokenFor(core: Core, name = 'http-client'): Promise<{ id: string; token: string }> {
  const { client, token } = await core.handlers['tokens.create']({ name }, person)
  return { id: client.id, token }
}

/** The messages of an answer, whatever its form. */
export function messagesOf({ headers, body }: HttpAnswer): string[] {
  if (!String(headers['content-type']).startsWith('text/event-stream')) return body === '' ? [] : [body]
  const events = body.split('\n\n').flatMap((block) => block.split('\n').filter((line) => line.startsWith('data: ')))
  return events.map((line) => line.slice('data: '.length)).filter((data) => data !== '')
}

/** Where a server is found, or, without a name, all of them. */
const pathOf = (server: string) => (server === '' ? '/mcp' : `/mcp/${server}`)

/** A client of the older generation on one session. `host`: by which name it asks for the gateway. */
export async function legacyClient(port: number, token: string, server: string, version = '2025-11-25', host?: string) {
  const path = pathOf(server)
  const base = { host, authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: bothForms }
  let count = 0
  const initialize = JSON.stringify({
    ...{ jsonrpc: '2.0', id: 'init', method: 'initialize' },
    params: { protocolVersion: version, capabilities: {}, clientInfo: { name: 'raw-http', version: '1' } },
  })
  const first = await send(port, 'POST', path, base, initialize)
  const session = String(first.headers['mcp-session-id'] ?? '')
  const headers: Headers = { ...base, 'mcp-session-id': session, 'mcp-protocol-version': version }
  const post = (body: string | Buffer, more: Headers = {}) => send(port, 'POST', path, { ...headers, ...more }, body)
  return {
    ...{ first, session, headers, path, post },
    /** Posts a request and reads its answer as events while they come. */
    async stream(body: string) {
      const { req, response } = begin(port, 'POST', path, headers, body)
      return { req, ...eventsOf(await response) }
    },
    async listen(lastEventId?: string) {
      const { req, response } = begin(port, 'GET', path, { ...headers, 'last-event-id': lastEventId })
      const res = await response
      return { req, status: res.statusCode, ...eventsOf(res) }
    },
    async call(name: string, args: object = {}) {
      const id = ++count
      const answer = await post(
        JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: args } }),
      )
      const [last = '{}'] = messagesOf(answer).slice(-1)
      return { status: answer.status, ...outcomeOf(JSON.parse(last)) }
    },
  }
}

/** The envelope that every request of the stateless generation carries. */
export const modernMeta = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'raw-http', version: '1' },
}

/** Headers that go with a request of the stateless generation. */
export function modernHeaders(token: string, method: string, name?: string): Headers {
  return {
    ...{ authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: bothForms },
    ...{ 'mcp-protocol-version': '2026-07-28', 'mcp-method': method, 'mcp-name': name },
  }
}

/** One connection of the stateless generation: it knows nothing of any other. */
export function modernClient(port: number, token: string, server: string) {
  const path = pathOf(server)
  /** The text of a request, and what goes with it. `idText` and `tokenText` are JSON, so that odd spellings can be sent. */
  function written(method: string, params: object, idText: string, tokenText?: string) {
    const { name } = params as { name?: string }
    const meta = JSON.stringify({ ...modernMeta, ...(tokenText === undefined ? {} : { progressToken: '$TOKEN' }) })
    const rest = JSON.stringify(params).slice(1, -1)
    const body = `{"jsonrpc":"2.0","id":${idText},"method":"${method}","params":{"_meta":${meta.replace('"$TOKEN"', tokenText ?? '')}${rest === '' ? '' : `,${rest}`}}}`
    return { body, headers: modernHeaders(token, method, name) }
  }
  return {
    path,
    /** One request and its whole answer; `more` overrides headers. */
    request(method: string, params: object = {}, { id = '1', more = {} as Headers } = {}) {
      const { body, headers } = written(method, params, id)
      return send(port, 'POST', path, { ...headers, ...more }, body)
    },
    /** A request that waits for nothing; `sent` is its text. Its answer is read as events while they come, or as a whole. */
    start(method: string, params: object, { id = '1', tokenText }: { id?: string; tokenText?: string } = {}) {
      const { body, headers } = written(method, params, id, tokenText)
      const { req, response } = begin(port, 'POST', path, headers, body)
      // Who closes its own connection hears an error, and expects it.
      response.catch(() => {})
      return { req, sent: body, events: () => response.then(eventsOf), whole: () => response.then(wholeOf) }
    },
    async call(name: string, args: object = {}) {
      const answer = await this.request('tools/call', { name, arguments: args })
      const [last = '{}'] = messagesOf(answer).slice(-1)
      return { status: answer.status, ...outcomeOf(JSON.parse(last)) }
    },
  }
}
