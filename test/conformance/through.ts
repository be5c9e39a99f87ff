import { join } from 'node:path'
import type { Over } from './compare.ts'
import { startForwarder } from './forwarder.ts'
import { startGoverned } from './governed.ts'
import { startProcess } from './process.ts'
import type { Revision } from './suite.ts'

/** Something to point the suite at, until it is closed. */
export type Target = { url: string; close: () => Promise<void> }

/** The fixture itself. */
export async function direct(): Promise<Target> {
  const fixture = await startProcess([process.execPath, join(import.meta.dirname, 'fixture', 'http.ts')])
  return { url: fixture.firstLine, close: fixture.end }
}

/** Which generation a fixture speaks that does not speak the one of a revision. */
const other: Record<Revision, string> = { '2025-11-25': 'modern', '2026-07-28': 'legacy' }

/** The fixture over stdio, or over HTTP, behind a real gateway process and behind a forwarder that adds the token. */
export async function throughToolgate(over: Exclude<Over, 'bridge'>, speaks = 'both'): Promise<Target> {
  const gateway = await startGoverned()
  const remote = over === 'http' ? await direct() : null
  const fixture = ['--', process.execPath, join(import.meta.dirname, 'fixture', 'stdio.ts'), speaks]
  await gateway.addServer('fixture', remote ? ['--url', remote.url] : fixture)
  const { port, token } = await gateway.httpDoor('fixture')
  const forwarder = await startForwarder(port, token)
  return {
    url: `http://127.0.0.1:${forwarder.port}/mcp/fixture`,
    async close() {
      forwarder.close()
      await gateway.end()
      await remote?.close()
    },
  }
}

/**
 * The fixture behind Toolgate where it does not speak `revision`. To begin with the suite is taken for a client that can fall back: once it
 * was turned down and did not, it is served, and so are sessions with what its scenarios can do ready.
 */
export async function throughBridge(revision: Revision): Promise<Target> {
  const target = await throughToolgate('stdio', other[revision])
  if (revision === '2025-11-25') return target
  for (const capabilities of [{}, { elicitation: {} }]) await untilServed(target.url, capabilities)
  return target
}

async function untilServed(url: string, capabilities: object): Promise<void> {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': capabilities,
  }
  const headers = {
    ...{ 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    ...{ 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'server/discover' },
  }
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'server/discover', params: { _meta } })
  while ((await fetch(url, { method: 'POST', headers, body })).status !== 200) {
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
