import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { built } from '../../fakes/built.ts'

/** How the client comes to the suite's server: by itself, or by one of the two doors of Toolgate. */
export const doors = ['direct', 'shim', 'http'] as const
export type Door = (typeof doors)[number]

/** A client of the revision that the scenario is about, with all that a scenario may ask of a client. */
export function newClient(revision: string): Client {
  const client = new Client(
    { name: 'conformance-client', version: '1' },
    {
      capabilities: { roots: {}, sampling: {}, elicitation: { form: { applyDefaults: true } } },
      versionNegotiation: { mode: revision === '2026-07-28' ? 'auto' : 'legacy' },
    },
  )
  client.setRequestHandler('elicitation/create', () => ({ action: 'accept', content: {} }))
  return client
}

/** Connects straight to `url`. */
export async function connectDirectly(client: Client, url: string): Promise<void> {
  await client.connect(new StreamableHTTPClientTransport(new URL(url)))
}

/** A gateway that somebody comes to: by its profile, or with a token at its HTTP door. */
type Reached = { profile: string; server: string; http: string; token: string }

/** Connects to `server` of the gateway, through a shim or with a token over HTTP. */
export async function connectThrough(client: Client, door: Door, reached: Reached): Promise<void> {
  const { profile, server, http, token } = reached
  if (door === 'shim') {
    const args = [built.shim, '--profile', profile, server]
    await client.connect(new StdioClientTransport({ command: process.execPath, args }))
    return
  }
  const requestInit = { headers: { authorization: `Bearer ${token}` } }
  await client.connect(new StreamableHTTPClientTransport(new URL(`/mcp/${server}`, http), { requestInit }))
}
