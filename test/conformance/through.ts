import { join } from 'node:path'
import type { Over } from './compare.ts'
import { startForwarder } from './forwarder.ts'
import { startGoverned } from './governed.ts'
import { startProcess } from './process.ts'

/** Something to point the suite at, until it is closed. */
export type Target = { url: string; close: () => Promise<void> }

/** The fixture itself. */
export async function direct(): Promise<Target> {
  const fixture = await startProcess([process.execPath, join(import.meta.dirname, 'fixture', 'http.ts')])
  return { url: fixture.firstLine, close: fixture.end }
}

/** The fixture over stdio, or over HTTP, behind a real gateway process and behind a forwarder that adds the token. */
export async function throughToolgate(over: Over): Promise<Target> {
  const gateway = await startGoverned()
  const remote = over === 'http' ? await direct() : null
  const fixture = ['--', process.execPath, join(import.meta.dirname, 'fixture', 'stdio.ts')]
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
