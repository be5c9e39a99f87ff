import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { StatusView } from '../../shared/calls.ts'
import { approveAtPage } from '../fakes/approve-at-page.ts'
import { cliWords } from '../fakes/built.ts'
import { person, program, type Typing } from '../fakes/person.ts'
import { startProcess } from './process.ts'

const pin = '480251'

/** Everything is allowed: what the suite sees is the wire, not policy. */
export const allPolicy = `version: v1
rules:
  - id: all
    match: { labels: { mcp.server: "*" } }
    decision: ALLOW
    accept_risk: 100
`

/** A real gateway process on a fresh profile, set up by commands as people set it up, with a PIN. */
export async function startGoverned() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'toolgate-conformance-')))
  const profile = join(folder, 'profile')
  mkdirSync(join(profile, 'policy'), { recursive: true, mode: 0o700 })
  writeFileSync(join(profile, 'policy', 'all.yaml'), allPolicy, { mode: 0o600 })
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

  return {
    profile,
    /** Registers a server, given by the words that run it or by `--url` and its address, and approves its tools at the approval page. */
    async addServer(name: string, launch: readonly string[]): Promise<void> {
      await run([...toolgate('servers', 'add', name, '--yes'), ...launch], [])
      await approveAtPage(name, await run(toolgate('open', '--print'), [['PIN', pin]]), pin)
    },
    /** A bearer token for the HTTP door, and the port of it. */
    async httpDoor(server: string): Promise<{ port: number; token: string }> {
      const words = ['token', 'create', '--client', 'suite', '--server', server, '--json']
      const screen = await run(toolgate(...words), [['PIN:', pin]])
      const { token } = JSON.parse(screen.slice(screen.search(/^\{/m)).split('\n')[0] ?? '') as { token: string }
      const status = JSON.parse((await program(toolgate('status', '--json'))).screen) as StatusView
      return { port: Number(new URL(status.http ?? '').port), token }
    },
    async end(): Promise<void> {
      await gateway.end()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
