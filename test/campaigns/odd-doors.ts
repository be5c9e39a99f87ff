import { readFileSync } from 'node:fs'
import { bothForms, messagesOf, modernHeaders, send } from '../fakes/http-client.ts'
import type { RawClient } from '../fakes/raw-client.ts'

/** What a door must know of a message: how many lines come back, and what the headers of the stateless generation repeat. */
export type About = { method: string; count: number; name?: string | undefined; json?: boolean }

/**
 * One way from a client to odd-server. `post` sends one message, and gives what comes back for it, oldest first: the answer is the last.
 * `json`: the client takes no events. For a message that is no request nothing comes back.
 */
export type OddDoor = {
  name: string
  modern: boolean
  /** Bodies may hold line ends; they become spaces. */
  http: boolean
  post: (text: string, about: About) => Promise<string[]>
  /** What came to the server since the last time, in order, without the requests of Toolgate itself. */
  arrived: () => string[]
}

/** Reads what odd-server noted in a file, each time what is new. */
export function arrivals(log: string): () => string[] {
  let read = 0
  return () => {
    const lines = readFileSync(log).subarray(read)
    read += lines.length
    const texts = lines.toString('utf8').split('\n')
    return texts.filter((line) => line !== '' && !line.includes('"toolgate-'))
  }
}

/** Through a shim that has said hello. */
export function stdioDoor(client: RawClient, log: string): OddDoor {
  return {
    ...{ name: 'stdio', modern: false, http: false, arrived: arrivals(log) },
    async post(text, { count }) {
      const from = client.lines.length
      client.write(text)
      // One line may come or many at once; `line` looks again whenever some did.
      if (count > 0) await client.line(() => client.lines.length >= from + count)
      return client.lines.slice(from).map(String)
    },
  }
}

type Http = { port: number; token: string; log: string }

/** Through the HTTP door, in a session of the older generation. */
export function legacyDoor({ port, token, log }: Http, session: string): OddDoor {
  const headers = {
    ...{ authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: bothForms },
    ...{ 'mcp-session-id': session, 'mcp-protocol-version': '2025-11-25' },
  }
  return {
    ...{ name: 'HTTP, sessions', modern: false, http: true, arrived: arrivals(log) },
    async post(text, { json }) {
      const accept = json ? 'application/json' : bothForms
      return messagesOf(await send(port, 'POST', '/mcp/odd', { ...headers, accept }, text))
    },
  }
}

/** Through the HTTP door, without sessions, to a server of that generation. */
export function modernDoor({ port, token, log }: Http): OddDoor {
  return {
    ...{ name: 'HTTP, stateless', modern: true, http: true, arrived: arrivals(log) },
    async post(text, { method, name, json }) {
      const headers = modernHeaders(token, method, name)
      const accept = json ? 'application/json' : bothForms
      return messagesOf(await send(port, 'POST', '/mcp/odd-modern', { ...headers, accept }, text))
    },
  }
}
