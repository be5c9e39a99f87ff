import type { ChildProcess } from 'node:child_process'
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { dirname, isAbsolute, join } from 'node:path'
import type { HostRecord } from '../../shared/link.ts'
import type { ShimArguments } from './arguments.ts'
import { connectGateway } from './connect.ts'
import { unreachable } from './failure.ts'
import { gatewayEnvironment } from './gateway-environment.ts'
import { ownFolder, readOwnFile, writableByOthers } from './own-files.ts'
import { hostRecordFile } from './profile.ts'

const patienceMs = 10_000
const retryMs = 10
/** A gateway that failed may have done so because another is still starting; that one gets this long. */
const afterEndMs = 2000

/**
 * Starts the gateway that ran last on the profile and connects to it. Of several shims at once one starts it and the others
 * wait for it; should two start one each, the profile's lock leaves one. Throws Failure when there is no way to start one, or
 * it does not come up.
 */
export async function startGateway(args: ShimArguments): Promise<Socket> {
  const file = hostRecordFile(args.profile)
  const record = readHostRecord(file)
  const turn = join(dirname(file), 'starting')
  const starts = takeTurn(turn)
  try {
    const child = starts ? await launch(record) : null
    return await untilConnected(args, child)
  } finally {
    if (starts) rmSync(turn, { force: true })
  }
}

/** How the host that ran last is started. */
function readHostRecord(file: string): HostRecord {
  const none = unreachable('the Toolgate gateway is not running', 'start it with `toolgate serve`, then connect again')
  if (!ownFolder(dirname(file))) throw none
  const text = readOwnFile(file, writableByOthers)
  if (text === null) throw none
  const damaged = unreachable(`\`${file}\` is damaged`, 'start the gateway with `toolgate serve`, which writes it anew')
  let record: Partial<HostRecord>
  try {
    record = JSON.parse(text)
  } catch {
    throw damaged
  }
  const { command, args, cwd, path } = record ?? {}
  const isPath = (value: unknown): value is string => typeof value === 'string' && isAbsolute(value)
  const isArgs = (value: unknown): value is string[] =>
    Array.isArray(value) && value.every((arg) => typeof arg === 'string')
  if (!isPath(command) || !isArgs(args) || !isPath(cwd) || typeof path !== 'string') throw damaged
  return { command, args, cwd, path }
}

/** Whether it is ours to start the gateway; the file of one that was killed, or is stuck, counts for nothing. */
function takeTurn(file: string): boolean {
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx', mode: 0o600 })
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      if (isTaken(file)) return false
      rmSync(file, { force: true })
    }
  }
  return false
}

function isTaken(file: string): boolean {
  try {
    process.kill(Number(readFileSync(file, 'latin1')) || Number.MAX_SAFE_INTEGER, 0)
    return Date.now() - statSync(file).mtimeMs < patienceMs
  } catch {
    return false
  }
}

async function launch({ command, args, cwd, path }: HostRecord): Promise<ChildProcess> {
  // Loaded only when needed: most starts of a shim find a gateway.
  const { spawn } = await import('node:child_process')
  const env = gatewayEnvironment(path)
  const child = spawn(command, args, { cwd, env, detached: true, stdio: 'ignore', windowsHide: true })
  // It then has no exit code either; the wait below ends with the time.
  child.on('error', () => {})
  child.unref()
  return child
}

async function untilConnected(args: ShimArguments, child: ChildProcess | null): Promise<Socket> {
  let deadline = performance.now() + patienceMs
  let ended = false
  for (;;) {
    const socket = await connectGateway(args)
    if (socket) return socket
    if (child && !ended && hasFailed(child)) {
      ended = true
      deadline = Math.min(deadline, performance.now() + afterEndMs)
    }
    if (performance.now() > deadline) break
    await new Promise((resolve) => setTimeout(resolve, retryMs))
  }
  const how = ended ? 'ended at once' : `did not come up within ${patienceMs / 1000} s`
  throw unreachable(
    `the Toolgate gateway was started and ${how}`,
    'run `toolgate doctor`, or `toolgate serve` to see why',
  )
}

/** One that ended well found another gateway on the profile, which may still be starting. */
function hasFailed(child: ChildProcess): boolean {
  return child.pid === undefined || child.signalCode !== null || (child.exitCode ?? 0) !== 0
}
