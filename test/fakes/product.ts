import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { ApprovalView } from '../../shared/approval.ts'
import { approveAtPage } from './approve-at-page.ts'
import { built } from './built.ts'
import { person, program, type Typing } from './person.ts'

const root = join(import.meta.dirname, '..', '..')

export const pin = '739154'

/** The entry file of an npm package's server. */
export function packageFile(name: string, file: string): string {
  return join(root, 'node_modules', name, file)
}

export type Product = Awaited<ReturnType<typeof startProduct>>

/** The built product as a person sets it up: a gateway process on a fresh profile, a PIN enrolled at a real terminal. */
export async function startProduct(policy: string, settings: object = {}) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'product-')))
  const profile = join(folder, 'profile')
  const workspace = join(folder, 'workspace')
  mkdirSync(join(profile, 'policy'), { recursive: true, mode: 0o700 })
  mkdirSync(workspace)
  writeFileSync(join(profile, 'policy', 'rules.yaml'), policy.replaceAll('WORKSPACE', workspace), { mode: 0o600 })
  writeFileSync(join(profile, 'settings.json'), JSON.stringify(settings), { mode: 0o600 })
  const command = (...words: string[]) => [process.execPath, built.toolgate, '--profile', profile, ...words]
  let gateway: ChildProcess

  async function serve(): Promise<void> {
    const [node = '', ...args] = command('serve', '--port', '0', '--json')
    gateway = spawn(node, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    const lines = createInterface({ input: gateway.stdout as NodeJS.ReadableStream })
    const [ready] = (await once(lines, 'line')) as [string]
    if (!JSON.parse(ready).ready) throw new Error(`not ready: ${ready}`)
  }

  const atTerminal = async (words: string[], typing: Typing) => {
    const outcome = await person(command(...words), typing)
    if (outcome.code !== 0) throw new Error(`${words.join(' ')} ended with ${outcome.code}:\n${outcome.screen}`)
    return outcome.screen
  }
  const json = async <T>(...words: string[]): Promise<T> => {
    const { screen, code, stderr } = await program(command(...words, '--json'))
    if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}: ${screen}${stderr}`)
    return JSON.parse(screen) as T
  }

  await serve()
  await atTerminal(
    ['presence', 'enroll'],
    [
      ['new PIN', pin],
      ['again', pin],
    ],
  )

  return {
    ...{ folder, profile, workspace, command, atTerminal, json, serve },
    gatewayPid: () => gateway.pid ?? 0,

    async addServer(name: string, words: string[], options: string[] = []): Promise<void> {
      await atTerminal(['servers', 'add', name, ...options, '--', ...words], [['Register this server?', 'y']])
      await this.approveServer(name)
    },

    /** Approves all tools of a server as proposed, at the approval page, which alone approves those of tier 3. */
    async approveServer(name: string): Promise<void> {
      await approveAtPage(name, await atTerminal(['open', '--print'], [['PIN', pin]]), pin)
    },

    /** Waits until a call waits for a person, and answers it at a terminal, by PIN. */
    async answerNext(answer: 'approve' | 'deny'): Promise<ApprovalView> {
      for (;;) {
        const [view] = await json<ApprovalView[]>('approvals', 'list')
        if (!view) continue
        await atTerminal(
          ['approvals', answer, view.id],
          [
            ['PIN', pin],
            ['?', 'y'],
          ],
        )
        return view
      }
    },

    async stop(): Promise<void> {
      if (gateway.exitCode !== null || gateway.signalCode !== null) return
      const gone = once(gateway, 'exit')
      gateway.kill('SIGTERM')
      await gone
    },

    async close(): Promise<void> {
      await this.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
