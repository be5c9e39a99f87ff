import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { askingPolicy, startGateway } from '../fakes/gateway.ts'
import { bothForms, legacyClient, messagesOf, modernHeaders, modernMeta, send, tokenFor } from '../fakes/http-client.ts'
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
function arrivals(log: string): () => string[] {
  let read = 0
  return () => {
    const lines = readFileSync(log).subarray(read)
    read += lines.length
    const texts = lines.toString('utf8').split('\n')
    return texts.filter((line) => line !== '' && !line.includes('"toolgate-'))
  }
}

/** Through a shim that has said hello. */
function stdioDoor(client: RawClient, log: string): OddDoor {
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
function legacyDoor({ port, token, log }: Http, session: string): OddDoor {
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
function modernDoor({ port, token, log }: Http): OddDoor {
  return {
    ...{ name: 'HTTP, stateless', modern: true, http: true, arrived: arrivals(log) },
    async post(text, { method, name, json }) {
      const headers = modernHeaders(token, method, name)
      const accept = json ? 'application/json' : bothForms
      return messagesOf(await send(port, 'POST', '/mcp/odd-modern', { ...headers, accept }, text))
    },
  }
}

/** Names of the doors. */
export type DoorName = 'stdio' | 'legacy' | 'modern'

/** A gateway with odd-server behind every door; `close` ends it. */
export async function openOddDoors(): Promise<{ doors: Record<DoorName, OddDoor>; close: () => Promise<void> }> {
  const gateway = await startGateway({ policy: askingPolicy(), http: { port: 0 } })
  const logOf = (name: DoorName) => join(gateway.folder, `${name}.log`)
  for (const name of ['stdio', 'legacy', 'modern'] as const) writeFileSync(logOf(name), '')
  await gateway.addServer('odd-stdio', 'odd-server', { ODD_LOG: logOf('stdio') })
  await gateway.addServer('odd', 'odd-server', { ODD_LOG: logOf('legacy') })
  await gateway.addServer('odd-modern', 'odd-server', { ODD_LOG: logOf('modern'), ODD_MODERN: '1' })
  const client = gateway.connect('odd-stdio')
  await client.initialize()
  const port = gateway.core.httpPort ?? 0
  const { token } = await tokenFor(gateway.core)
  const { session } = await legacyClient(port, token, 'odd')
  const doors = {
    stdio: stdioDoor(client, logOf('stdio')),
    legacy: legacyDoor({ port, token, log: logOf('legacy') }, session),
    modern: modernDoor({ port, token, log: logOf('modern') }),
  }
  return { doors, close: () => gateway.close() }
}

/** Waits until the server has everything that was sent before; gives what came, without this last request. */
export async function settled(door: OddDoor): Promise<string[]> {
  const meta = door.modern ? `"_meta":${JSON.stringify(modernMeta)}` : ''
  await door.post(`{"jsonrpc":"2.0","id":"settle","method":"odd/settle","params":{${meta}}}`, {
    ...{ method: 'odd/settle', count: 1 },
  })
  return door.arrived().filter((line) => !line.includes('odd/settle'))
}

/** Waits until exactly these lines have come to the server: an answer of the client is recorded before it goes there. */
export async function come(door: OddDoor, lines: readonly string[]): Promise<void> {
  const got: string[] = []
  const look = () => {
    got.push(...door.arrived())
    return got
  }
  await expect.poll(look).toEqual(lines)
}
