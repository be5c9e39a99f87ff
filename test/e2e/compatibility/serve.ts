import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { entryOf, type Peer } from './install.ts'

/** A peer that listens at a port of this machine. */
export type Served = { port: number; end: () => Promise<void> }

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Runs a peer that is told its port by `words` and `env`, and waits until it answers there. Throws what it said when it ends. */
export async function serve(
  peer: Peer,
  told: (port: string) => { words: string[]; env?: Record<string, string> },
): Promise<Served> {
  const port = await freePort()
  const { words, env } = told(String(port))
  const child = spawn(process.execPath, [entryOf(peer), ...words], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const gone = once(child, 'exit')
  const answers = () =>
    fetch(`http://127.0.0.1:${port}/`).then(
      () => true,
      () => false,
    )
  while (!(await answers())) {
    if (child.exitCode !== null) throw new Error(`${peer.package} ended with ${child.exitCode}: ${said}`)
  }
  return {
    port,
    async end() {
      child.kill('SIGKILL')
      await gone
    },
  }
}
