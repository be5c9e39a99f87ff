import type { PeerClient } from './clients.ts'
import { type Peer, versionOf } from './install.ts'
import type { Speaks } from './sdk.ts'
import type { PeerServer } from './servers.ts'

/** How often each generation of the protocol, at each door, in the order of the columns. */
export const columns = [
  { door: 'stdio', speaks: 'legacy' },
  { door: 'stdio', speaks: 'modern' },
  { door: 'HTTP', speaks: 'legacy' },
  { door: 'HTTP', speaks: 'modern' },
] as const

/** What was seen of a server: its generation and tools, and what came of each column. */
export type SeenServer = { server: PeerServer; generation: string; tools: number; cells: string[] }
/** What was seen of a client at one door: with a server of the older, and of the newer generation. */
export type SeenClient = { client: PeerClient; door: string; cells: string[] }

const said: Record<Speaks, string> = { legacy: '2025-11-25', modern: '2026-07-28', auto: 'what it finds' }

const named = (peer: Peer) => `\`${peer.package}\` ${versionOf(peer)}`
const row = (...cells: (string | number)[]) => `| ${cells.join(' | ')} |`
const head = (...cells: string[]) => [row(...cells), `|${'---|'.repeat(cells.length)}`]

/** What a cell says when a client came to its end at once, and when it was turned down at first. */
export const works = (turnedDown: boolean) => (turnedDown ? 'works, when it comes back' : 'works')

/** What a failure means that is none of Toolgate's: null for any other. */
export function knownReason(error: unknown): string | null {
  const text = error instanceof Error ? error.message : String(error)
  if (/did not offer pinned protocol version|Unsupported protocol version|does not support protocol/i.test(text)) {
    return 'no: the server speaks 2025-11-25 only'
  }
  return null
}

/** The page docs/compatibility.md. */
export function compatibilityPage(servers: readonly SeenServer[], clients: readonly SeenClient[]): string {
  return `# Compatibility

Third-party servers and clients, in exactly these versions, with Toolgate between. \`npm test\` runs them and fails when what it sees is not what this
page says; \`npx vitest run test/e2e/compatibility -u\` writes it anew. They are installed in \`test/peers/\` for this and are no part of Toolgate.

## Servers

Each is registered at a terminal, reviewed and approved at the approval page, and then met by a client at both doors, in both generations of the protocol. "Works" means: its
tools are listed, the act is done and its effect was looked for where it must show (the file, the row, the commit, the page that was asked for), a call
that policy denies was refused and its effect looked for in vain (where policy denies a tool altogether it is not listed either), and the record of it all verifies. A client of the newer generation alone is turned down
once by a server that only speaks the older one, so that one which can fall back does; "when it comes back", 3 s later or more, it is bridged to the server.

${[
  ...head(
    'server',
    'reached over',
    'speaks',
    'tools',
    'act',
    ...columns.map(({ door, speaks }) => `${door}, ${said[speaks]}`),
  ),
  ...servers.map(({ server, generation, tools, cells }) =>
    row(named(server), server.over, said[generation as Speaks], tools, server.does, ...cells),
  ),
].join('\n')}

\`mcp-server-sqlite-npx\` runs with \`@appthreat/sqlite3\` in place of \`sqlite3\`, the same interface, whose compiled part comes with its package.

## Clients

Each connects by itself, lists the tools and calls one: with a server that speaks 2025-11-25 (\`server-everything\`) and with one that speaks
2026-07-28 (\`dbhub\`, which answers older clients too). A client that has fallen back before is always expected to: so one that is told to speak
2026-07-28 alone has an entry of its own.

${[
  ...head('client', 'speaks', 'door', 'older server', 'newer server'),
  ...clients.map(({ client, door, cells }) => row(named(client), said[client.speaks], door, ...cells)),
].join('\n')}

\`mcp-remote\` is a bridge to HTTP for clients that only start programs; such a client of the official SDK starts it here.
`
}
