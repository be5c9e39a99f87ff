import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { StatusView } from '../../shared/calls.ts'
import { cliWords, person, program, type Typing } from '../fakes/person.ts'
import type { Over } from './compare.ts'
import { startForwarder } from './forwarder.ts'
import { startProcess } from './process.ts'
import type { Revision } from './suite.ts'

const pin = '480251'

/** Everything is allowed: what the suite sees is the wire, not policy. */
const policy = `version: v1
rules:
  - id: all
    match: { labels: { mcp.server: "*" } }
    decision: ALLOW
    accept_risk: 100
`

/** Something to point the suite at, until it is closed. */
export type Target = { url: string; close: () => Promise<void> }

/** The fixture itself. */
export async function direct(): Promise<Target> {
  const fixture = await startProcess([process.execPath, join(import.meta.dirname, 'fixture', 'http.ts')])
  return { url: fixture.firstLine, close: fixture.end }
}

/** Which generation a fixture speaks that does not speak the one of a revision. */
const other: Record<Revision, string> = { '2025-11-25': 'modern', '2026-07-28': 'legacy' }

/**
 * The fixture over stdio, or over HTTP, behind a real gateway process, set up by commands as people set it up, and behind a forwarder that
 * adds the token.
 */
export async function throughToolgate(over: Exclude<Over, 'bridge'>, speaks = 'both'): Promise<Target> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'toolgate-conformance-')))
  const profile = join(folder, 'profile')
  mkdirSync(join(profile, 'policy'), { recursive: true, mode: 0o700 })
  writeFileSync(join(profile, 'policy', 'all.yaml'), policy, { mode: 0o600 })
  const toolgate = (...words: string[]) => [...cliWords, ...words, '--profile', profile]
  const run = async (words: string[], typing: Typing) => {
    const { code, screen } = await person(words, typing)
    if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}:\n${screen}`)
    return screen
  }
  const gateway = await startProcess(toolgate('serve', '--port', '0', '--json'))
  const asked: Typing = [
    ['new PIN', pin],
    ['same again', pin],
  ]
  await run(toolgate('presence', 'enroll'), asked)
  const remote = over === 'http' ? await direct() : null
  const fixture = ['--', process.execPath, join(import.meta.dirname, 'fixture', 'stdio.ts'), speaks]
  await run([...toolgate('servers', 'add', 'fixture', '--yes'), ...(remote ? ['--url', remote.url] : fixture)], [])
  await run(toolgate('servers', 'approve', 'fixture', '--yes'), [['PIN:', pin]])
  const words = ['token', 'create', '--client', 'suite', '--server', 'fixture', '--json']
  const screen = await run(toolgate(...words), [['PIN:', pin]])
  const { token } = JSON.parse(screen.slice(screen.search(/^\{/m)).split('\n')[0] ?? '') as { token: string }
  const status = JSON.parse((await program(toolgate('status', '--json'))).screen) as StatusView
  const forwarder = await startForwarder(Number(new URL(status.http ?? '').port), token)
  return {
    url: `http://127.0.0.1:${forwarder.port}/mcp/fixture`,
    async close() {
      forwarder.close()
      await gateway.end()
      await remote?.close()
      rmSync(folder, { recursive: true, force: true })
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
