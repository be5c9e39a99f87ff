import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { printableLines } from '../../shared/printable.ts'
import type { Paths, Secrets } from '../core/ports.ts'
import { type ControlClient, connectControl, unreachable } from './control-client.ts'
import { preparePaths } from './ports/paths.ts'

const patienceMs = 20_000
const retryMs = 40

/**
 * Starts this command's own gateway for the profile, in the background, and connects to it. Whoever starts one at the same
 * time wins the profile's lock; both then talk to the winner. Throws UNREACHABLE with what the gateway said when it fails.
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
  const last = printableLines(readFileSync(said, 'utf8').trim()).slice(-3).join('; ')
  throw unreachable(`the gateway could not be started${last ? `: ${last}` : ''}`)
}

function launch(paths: Paths, said: string): { code: number | null } {
  const fd = openSync(said, 'w', 0o600)
  const self = process.argv[1] ?? ''
  const child = spawn(process.execPath, [self, 'serve', '--auto', '--profile', paths.profile], {
    cwd: paths.profile,
    detached: true,
    stdio: ['ignore', 'ignore', fd],
  })
  closeSync(fd)
  const exit: { code: number | null } = { code: null }
  child.once('error', () => {
    exit.code = 1
  })
  child.once('exit', (code) => {
    exit.code = code ?? 1
  })
  child.unref()
  return exit
}
