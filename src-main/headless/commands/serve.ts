import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { printable } from '../../../shared/printable.ts'
import { type Core, createCore } from '../../core/core.ts'
import type { Log, Paths, Ports } from '../../core/ports.ts'
import { systemClock } from '../../host/clock.ts'
import { giveMemoryBack, limitHeap } from '../../host/heap.ts'
import { writeHostRecord } from '../../host/host-record.ts'
import { fileLog } from '../../host/log.ts'
import { preparePaths } from '../../host/paths.ts'
import { rememberedPorts, rememberHttpPort } from '../../host/remembered-ports.ts'
import { fileSecrets } from '../../host/secrets.ts'
import { readSettings, readSettingsAgain } from '../../host/settings.ts'
import { shareSchemas } from '../../host/share-schemas.ts'
import { withUsualFolders } from '../../host/usual-folders.ts'
import { packageFolder, shimLaunch, version } from '../../host/version.ts'
import { forgetAllocator } from '../../shim/gateway-environment.ts'
import type { Cli } from '../cli.ts'
import { CliError, exitCodes, usageError } from '../cli-error.ts'
import { asTyped } from '../command-name.ts'
import { hasDesktop } from '../desktop.ts'
import { firstLink } from '../first-link.ts'
import { whenIdle } from '../idle.ts'
import { nextSteps } from '../next-steps.ts'
import { createHostPages, type HostPages } from '../pages/host-pages.ts'
import { terminalNotify } from '../ports/notify.ts'
import { openUrl } from '../ports/open-url.ts'
import { terminalPrompts } from '../ports/prompts.ts'
import { verifyRecord } from '../ports/verify-record.ts'
import { thisHost, thisProgram } from '../start-gateway.ts'
import { statusLines, troublesOf } from '../status-text.ts'

/**
 * Options of `toolgate serve`. `auto`: started by a client or a command, not by a person. `link`: tell the sign-in link also
 * where no person reads. `open`: open the app in a browser, or not; absent: where a person would see it.
 */
export type ServeOptions = { port: number; auto?: boolean; link?: boolean; open?: boolean }

/** `toolgate serve`: runs the gateway of a profile until it is told to end. */
export async function serve(cli: Cli, options: ServeOptions): Promise<number> {
  const { port, auto, link, open } = options
  if (port > 65_535) throw usageError(`\`${port}\` is no port`, 'give 0 for any free port, or 1 to 65535')
  if (auto && (link || open)) throw usageError('a gateway that a client starts tells no link', 'leave --auto out')
  limitHeap()
  forgetAllocator()
  preparePaths(cli.paths)
  const log = fileLog(cli.paths.logs, systemClock, (line) => process.stderr.write(line))
  const end = endSignal(log)
  const ports = rememberedPorts(fileSecrets(cli.paths.profile))
  const folder = join(packageFolder(), 'out', 'renderer')
  const pages = createHostPages({ clock: systemClock, log, folder, ports })
  // Clients' configurations name the port: it stays the same, also when somebody else has taken it meanwhile.
  const core = await start(portsOf(cli, log, pages), port || (ports.get().mcp ?? 0), end.now)
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
  shareSchemas(cli.paths.profile, log)
  rememberHttpPort(core.httpPort, ports, log)
  await pages.open(core.pages)
  await announce(cli, core, pages, options)
  const idleMs = () => (pages.connected() > 0 ? 0 : core.idleMs())
  const stopIdleCheck = auto ? whenIdle(idleMs, systemClock, () => end.now('idle')) : () => {}
  const stopGivingBack = giveMemoryBack(systemClock, log)
  const why = await end.asked
  stopGivingBack()
  stopIdleCheck()
  log.info('the gateway ends', { why })
  await pages.close()
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

function portsOf({ paths, secrets }: Cli, log: Log, pages: HostPages): Ports {
  const answerAt = () =>
    asTyped(`answer ${pages.problem() ? '' : 'in the app (`toolgate open`) or '}with \`toolgate approvals watch\``)
  return {
    ...{ clock: systemClock, paths, secrets, openUrl, log, pages: pages.port },
    notify: terminalNotify(log, process.stderr, (text) => asTyped(printable(text)), answerAt),
    prompts: terminalPrompts(process.stderr),
    verifyRecord: () => verifyRecord(thisProgram('audit', 'verify', '--json', '--profile', paths.profile)),
  }
}

async function start(ports: Ports, port: number, onShutdown: () => void): Promise<Core | 'busy'> {
  try {
    return await createCore(ports, {
      version: version(),
      settings: readSettings(ports.paths),
      readSettings: () => readSettingsAgain(ports.paths),
      starterPolicy: readFileSync(join(packageFolder(), 'assets', 'starter-policy.yaml'), 'utf8'),
      path: withUsualFolders(process.env.PATH ?? '', homedir()),
      shim: shimLaunch(),
      http: { port },
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
async function announce(cli: Cli, core: Core, pages: HostPages, { auto, link, open }: ServeOptions): Promise<void> {
  const { profile, socket } = cli.paths
  const problem = pages.problem()
  const isRead = process.stdout.isTTY && !cli.json
  const app = problem ? 'none' : !auto && (link || isRead) ? await linkOf(cli, core) : null
  const status = await core.handlers.status({}, { name: 'terminal', present: false, pid: process.pid })
  const ready = { ready: true, profile, socket, pid: process.pid, version: version() }
  cli.result(link ? { ...ready, app: app === 'none' ? null : (app?.url ?? null) } : ready, () => [
    `Toolgate ${version()} is running. Every tool call through it is decided, and recorded, here.`,
    '',
    ...statusLines(status),
    ...[...troublesOf(status), ...(problem ? [problem] : [])].map((trouble) => `! ${trouble}`),
    '',
    ...nextSteps(status, cli.paths, app),
    '',
    asTyped('End it with Ctrl-C or `toolgate shutdown`.'),
  ])
  if (problem || auto || !(open ?? (isRead && hasDesktop()))) return
  // With a link of its own: the one that was printed stays good for whoever wants another browser.
  const own = await linkOf(cli, core)
  if (!own) return
  await openUrl(own.url).then(
    () => cli.say('The app opens in your browser.'),
    (error: Error) => cli.say(error.message),
  )
}

async function linkOf(cli: Cli, core: Core): Promise<{ url: string } | null> {
  const link = await firstLink(core)
  if ('url' in link) return link
  cli.say(asTyped(`no sign-in link is given: ${link.why}`))
  return null
}
