import { spawn } from 'node:child_process'
import { appendFileSync, closeSync, openSync, readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { HostRecord } from '../../shared/link.ts'
import type { Paths, Secrets } from '../core/ports.ts'
import { readHostRecord } from '../host/host-record.ts'
import { preparePaths } from '../host/paths.ts'
import { gatewayEnvironment } from '../shim/gateway-environment.ts'
import { type ControlClient, connectControl, unreachable } from './control-client.ts'

const patienceMs = 20_000
const retryMs = 40

/**
 * Starts the host that ran last on the profile, or else this command's own gateway, in the background, and connects to it.
 * Of several started at once one wins the profile's lock, and all talk to it. Throws UNREACHABLE with what the gateway said
 * when it fails.
 */
export async function startGateway(paths: Paths, secrets: Secrets): Promise<ControlClient> {
  preparePaths(paths)
  const said = join(paths.logs, 'start.log')
  const exit = launch(paths, said)
  const deadline = performance.now() + patienceMs
  while (performance.now() < deadline) {
    const client = await connectControl(paths, secrets)
    if (client) return client
    if (exit.code !== null && exit.code !== 0) break
    await pause(retryMs)
  }
  const last = readFileSync(said, 'utf8').trim()
  throw unreachable(`the gateway could not be started${last ? `; it said:\n${last}` : ''}`)
}

function launch(paths: Paths, said: string): { code: number | null } {
  const { command, args, cwd, path } = readHostRecord(paths.profile) ?? thisHost(paths)
  const fd = openSync(said, 'w', 0o600)
  // Not with the caller's environment: a gateway must not run what an agent's shell put into NODE_OPTIONS.
  const child = spawn(command, args, {
    cwd,
    env: gatewayEnvironment(path),
    detached: true,
    stdio: ['ignore', 'ignore', fd],
  })
  closeSync(fd)
  const exit: { code: number | null } = { code: null }
  child.once('error', (error) => {
    appendFileSync(said, `${error.message}\n`)
    exit.code = 1
  })
  child.once('exit', (code) => {
    exit.code = code ?? 1
  })
  child.unref()
  return exit
}

/** The command line that runs this very program with other words. */
export function thisProgram(...words: string[]): { command: string; args: string[] } {
  return { command: process.execPath, args: [realpathSync(process.argv[1] ?? ''), ...words] }
}

/** How this command starts a gateway that ends by itself when nobody uses it. */
export function thisHost(paths: Paths): HostRecord {
  return {
    ...thisProgram('serve', '--auto', '--profile', paths.profile),
    cwd: paths.profile,
    path: process.env.PATH ?? '',
  }
}
