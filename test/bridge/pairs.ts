import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { startGateway } from '../fakes/gateway.ts'
import { tokenFor } from '../fakes/http-client.ts'
import { movedClock } from '../fakes/moved-clock.ts'
import { sdkServer } from '../fakes/remote-server.ts'

/** How client and server are reached. */
export const wires = [
  ['stdio', 'stdio'],
  ['stdio', 'http'],
  ['http', 'stdio'],
  ['http', 'http'],
] as const
export type Wire = 'stdio' | 'http'

const policy = `version: v1
rules:
  - id: reads
    match: { labels: { mcp.action: read } }
    decision: ALLOW
    accept_risk: 100
  - id: writes
    match: { labels: { mcp.action: write } }
    decision: REQUIRE_APPROVAL
    level: 1
`

/** A gateway with one of the servers of these tests, over stdio or HTTP, and what a client of the SDKs needs to come in. */
export async function bridged(server: 'modern-only-server' | 'legacy-only-server', over: Wire) {
  const { clock, advance } = movedClock()
  const gateway = await startGateway({ policy, http: { port: 0 }, ports: { clock } })
  onTestFinished(() => gateway.close())
  if (over === 'stdio') await gateway.addServer('moods', server)
  else await gateway.addRemote('moods', (await sdkServer(server, 'http')).url)
  const { id, token } = await tokenFor(gateway.core, 'bridge-client')
  return {
    ...{ gateway, advance, clientId: id, token },
    /** What a client starts, with `StdioClientTransport`. */
    shim: {
      command: process.execPath,
      args: [
        join(import.meta.dirname, '..', '..', 'src-main', 'shim', 'main.ts'),
        '--profile',
        gateway.profile,
        'moods',
      ],
    },
    url: new URL(`http://127.0.0.1:${gateway.core.httpPort}/mcp/moods`),
    headers: { authorization: `Bearer ${token}` },
  }
}

export type Bridged = Awaited<ReturnType<typeof bridged>>

/** The text of a result of a tool. */
export function said(result: unknown): string {
  const { content } = result as { content?: { text?: string }[] }
  return (content ?? []).map(({ text }) => text ?? '').join(' ')
}
