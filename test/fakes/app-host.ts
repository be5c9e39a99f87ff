import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll } from 'vitest'
import { built } from './built.ts'
import { connectClient, type RawClient } from './raw-client.ts'

/** The built gateway as `npm start -- --headless` runs it, with its pages: nothing in its profile but, if given, a policy. */
export type AppHost = {
  folder: string
  profile: string
  workspace: string
  home: string
  /** Starts the gateway and gives the sign-in link of the app. */
  start: () => Promise<string>
  /** Asks it to end, as Ctrl-C does, or ends it at once. */
  stop: (signal?: 'SIGTERM' | 'SIGKILL') => Promise<void>
  /** A client that comes through a real shim. */
  connect: (server: string, options?: string[]) => RawClient
}

/**
 * A host for the tests of one file; its profile and all that runs go with the last of them. `WORKSPACE` in the policy is its folder.
 * Its home folder is empty: no client of this machine is found there. `environment`: what else it is started with.
 */
export function appHost(policy?: string, environment: (home: string) => Record<string, string> = () => ({})): AppHost {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'app-')))
  const profile = join(folder, 'profile')
  const workspace = join(folder, 'projects')
  const home = join(folder, 'home')
  mkdirSync(workspace)
  mkdirSync(home)
  if (policy !== undefined) {
    mkdirSync(join(profile, 'policy'), { recursive: true, mode: 0o700 })
    writeFileSync(join(profile, 'policy', 'rules.yaml'), policy.replaceAll('WORKSPACE', workspace), { mode: 0o600 })
  }
  const clients: RawClient[] = []
  let gateway: ChildProcess | null = null

  const host: AppHost = {
    ...{ folder, profile, workspace, home },
    async start() {
      const args = [built.toolgate, 'serve', '--json', '--link', '--no-open', '--profile', profile]
      const { XDG_CONFIG_HOME: _elsewhere, CODEX_HOME: _too, ...rest } = process.env
      gateway = spawn(process.execPath, args, {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...rest, HOME: home, TOOLGATE_HOME: home, ...environment(home) },
      })
      const lines = createInterface({ input: gateway.stdout as NodeJS.ReadableStream })
      const [line] = (await once(lines, 'line')) as [string]
      const { app } = JSON.parse(line) as { app?: string }
      if (!app) throw new Error(`the gateway gave no link: ${line}`)
      return app
    },
    async stop(signal = 'SIGTERM') {
      if (!gateway || gateway.exitCode !== null || gateway.signalCode !== null) return
      const gone = once(gateway, 'exit')
      gateway.kill(signal)
      await gone
    },
    connect(server, options = []) {
      const client = connectClient(profile, server, options)
      clients.push(client)
      return client
    },
  }
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.close()))
    await host.stop()
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  })
  return host
}
