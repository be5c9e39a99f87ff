import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { printable } from '../../../shared/printable.ts'
import { type Core, createCore } from '../../core/core.ts'
import type { Log, Paths, Ports } from '../../core/ports.ts'
import { systemClock } from '../../host/clock.ts'
import { writeHostRecord } from '../../host/host-record.ts'
import { fileLog } from '../../host/log.ts'
import { preparePaths } from '../../host/paths.ts'
import { readSettings } from '../../host/settings.ts'
import { packageFolder, version } from '../../host/version.ts'
import type { Cli } from '../cli.ts'
import { CliError, exitCodes, usageError } from '../cli-error.ts'
import { asTyped } from '../command-name.ts'
import { whenIdle } from '../idle.ts'
import { nextSteps } from '../next-steps.ts'
import { terminalNotify } from '../ports/notify.ts'
import { openUrl } from '../ports/open-url.ts'
import { thisHost } from '../start-gateway.ts'
import { statusLines, troublesOf } from '../status-text.ts'

/** Options of `toolgate serve`; `auto`: started by a client or a command, not by a person. */
export type ServeOptions = { port: number; auto?: boolean }

/** `toolgate serve`: runs the gateway of a profile until it is told to end. */
export async function serve(cli: Cli, { port, auto }: ServeOptions): Promise<number> {
  if (port !== 0) throw usageError('the HTTP door is not there yet', 'leave --port out, or give 0')
  preparePaths(cli.paths)
  const log = fileLog(cli.paths.logs, systemClock, (line) => process.stderr.write(line))
  const end = endSignal(log)
  const core = await start(portsOf(cli, log), end.now)
  if (core === 'busy') {
    if (auto) return exitCodes.ok
    throw new CliError(
      'BUSY',
      'another gateway already serves this profile',
      'use it, or end it with `toolgate shutdown`',
      1,
    )
  }
  rememberHost(cli.paths, log)
  await announce(cli, core)
  const stopIdleCheck = auto ? whenIdle(core.idleMs, systemClock, () => end.now('idle')) : () => {}
  const why = await end.asked
  stopIdleCheck()
  log.info('the gateway ends', { why })
  await core.close()
  return exitCodes.ok
}

/** Without this record clients cannot start the gateway again; this one serves all the same. */
function rememberHost(paths: Paths, log: Log): void {
  try {
    writeHostRecord(paths.profile, thisHost(paths))
  } catch (error) {
    log.error('how to start this gateway again could not be written down', { error: String(error) })
  }
}

function portsOf(cli: Cli, log: Log): Ports {
  const notify = terminalNotify(log, process.stderr, (text) => asTyped(printable(text)))
  return { clock: systemClock, paths: cli.paths, secrets: cli.secrets, notify, openUrl, log }
}

async function start(ports: Ports, onShutdown: () => void): Promise<Core | 'busy'> {
  try {
    return await createCore(ports, {
      version: version(),
      settings: readSettings(ports.paths),
      starterPolicy: readFileSync(join(packageFolder(), 'assets', 'starter-policy.yaml'), 'utf8'),
      path: process.env.PATH ?? '',
      onShutdown,
    })
  } catch (error) {
    if (error instanceof Error && error.name === 'ProfileBusy') return 'busy'
    throw error
  }
}

/** Resolves when the gateway is asked to end: by a signal, by `toolgate shutdown`, or because nobody uses it. */
function endSignal(log: Log): { asked: Promise<string>; now: (why?: string) => void } {
  const { promise, resolve } = Promise.withResolvers<string>()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      process.once(signal, () => process.exit(exitCodes.no))
      resolve(signal)
    })
  }
  // What nobody caught may have left anything half done: end at once, and let the next start close what was open.
  process.on('uncaughtException', (error) => {
    log.error('the gateway failed and ends', { error: error.stack ?? error.message })
    process.stderr.write(`the gateway failed: ${printable(error.message)}\n`)
    process.exit(exitCodes.no)
  })
  // Not at once: whoever asked for the end is answered first.
  return { asked: promise, now: (why = 'shutdown') => void setImmediate(() => resolve(why)) }
}

/** What is guarded and what to do next, for people; where to reach the gateway, for programs. */
async function announce(cli: Cli, core: Core): Promise<void> {
  const { profile, socket } = cli.paths
  const status = await core.handlers.status({}, { name: 'terminal', present: false, pid: process.pid })
  cli.result({ ready: true, profile, socket, pid: process.pid, version: version() }, () => [
    `Toolgate ${version()} is running. Every tool call through it is decided, and recorded, here.`,
    '',
    ...statusLines(status),
    ...troublesOf(status).map((trouble) => `! ${trouble}`),
    '',
    ...nextSteps(status, cli.paths),
    '',
    asTyped('End it with Ctrl-C or `toolgate shutdown`.'),
  ])
}
