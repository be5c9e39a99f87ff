import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { createSandboxing } from '../../src-main/core/constraints/sandbox/availability.ts'
import { systemClock } from '../../src-main/host/clock.ts'
import type { RawClient } from './raw-client.ts'

const found = createSandboxing(process.env.PATH ?? '', systemClock)()

/** Whether servers can be sandboxed here; where they cannot, tests of it say so loudly and skip. */
export const sandboxed = found.kind === 'bubblewrap'
if (found.kind === 'none')
  process.stderr.write(`\nSKIPPED: everything about sandboxes is not tested here: ${found.why}\n\n`)

/** What a server of `reaching-server` is told to do, so that nobody on the way understands it. */
export const task = (...words: string[]) => ({ task: Buffer.from(JSON.stringify(words)).toString('base64') })

/** Has it done through a tool; gives what came of it: text, or `error: …`, or the refusal's code. */
export async function reach(client: RawClient, tool: string, ...words: string[]): Promise<string> {
  const { outcome, text } = await client.call(tool, task(...words))
  if (outcome !== 'ok') return outcome
  const { ok, error } = JSON.parse(text) as { ok?: string; error?: string }
  return ok ?? `error: ${error}`
}

/** Things of this machine that a program in a sandbox must not reach, unless it may. `seen`: what did arrive. */
export async function surroundings(folder: string) {
  const seen: string[] = []
  const web = createHttpServer((request, response) => {
    seen.push(`web ${request.headers.host} ${request.url}`)
    response.end('hello')
  }).listen(0, '127.0.0.1')
  const listen = async (server: Server, where: object) => {
    server.listen(where)
    await once(server, 'listening')
    return server
  }
  const greet = (name: string) =>
    createServer((socket) => {
      seen.push(name)
      socket.on('error', () => {})
      socket.end('hello')
    })
  const tcp = await listen(greet('tcp'), { port: 0, host: '127.0.0.1' })
  const unix = await listen(greet('unix'), { path: `${folder}/s.sock` })
  const abstract = await listen(greet('abstract'), { path: '\0toolgate-test-abstract' })
  const udp = createSocket('udp4')
  udp.on('message', (message, { port, address }) => {
    seen.push('udp')
    udp.send(message, port, address)
  })
  udp.bind(0, '127.0.0.1')
  await once(udp, 'listening')
  if (!web.listening) await once(web, 'listening')
  const portOf = (server: { address: () => AddressInfo | string | null }) =>
    String((server.address() as AddressInfo).port)
  return {
    seen,
    ...{ web: portOf(web), tcp: portOf(tcp), udp: String(udp.address().port), unix: `${folder}/s.sock` },
    close() {
      for (const server of [web, tcp, unix, abstract]) server.close()
      web.closeAllConnections()
      udp.close()
    },
  }
}
