import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { app, dialog, powerMonitor } from 'electron'
import { printable } from '../../shared/printable.ts'
import { type Core, createCore } from '../core/core.ts'
import type { Log, Paths, Ports } from '../core/ports.ts'
import { type PageFiles, readBuiltPages } from '../host/built-pages.ts'
import { systemClock } from '../host/clock.ts'
import { writeHostRecord } from '../host/host-record.ts'
import { fileLog } from '../host/log.ts'
import { loginPath, thisPerson } from '../host/login-path.ts'
import { instancePaths, preparePaths } from '../host/paths.ts'
import { privateFolder } from '../host/private-folder.ts'
import { rememberedPorts, rememberHttpPort } from '../host/remembered-ports.ts'
import { fileSecrets } from '../host/secrets.ts'
import { readSettings, readSettingsAgain } from '../host/settings.ts'
import { shareSchemas } from '../host/share-schemas.ts'
import { UnfitHost } from '../host/unfit-host.ts'
import { withUsualFolders } from '../host/usual-folders.ts'
import { packageFolder, shimLaunch, version } from '../host/version.ts'
import { type DesktopArguments, desktopArguments, refusedSwitches } from './arguments.ts'
import { createFaces, type Faces } from './faces.ts'
import { failureText } from './failure-text.ts'
import { platformAuthentication } from './ports/authenticate.ts'
import { openUrl } from './ports/open-url.ts'
import { windowPages } from './ports/pages.ts'
import { desktopPrompts } from './ports/prompts.ts'
import { verifyRecord } from './ports/verify-record.ts'
import { registerPageScheme } from './protocol.ts'

/** By which Windows tells our notifications and windows from others. */
const applicationId = 'dev.toolgate'

/** Where the built pages lie. */
function builtRenderer(): string {
  return join(packageFolder(), 'out', 'renderer')
}

/**
 * Starts the desktop host and returns once it runs, or has decided to end. In this order: one app per profile, the profile's
 * lock, the core, its pages, tray and windows; whatever fails ends all that came before it. `renderer` is the folder of the built pages.
 */
export async function startDesktop(words: readonly string[], renderer = builtRenderer()): Promise<void> {
  const options = desktopArguments(words)
  let paths: Paths
  try {
    paths = instancePaths(options.profile)
  } catch (error) {
    return fail(error, '', options)
  }
  try {
    if (app.isPackaged) refuseOpenDoors(words)
    preparePaths(paths)
    const folder = join(paths.profile, 'desktop')
    privateFolder(folder)
    // Before the lock, which lies in there: one app per profile, not per user.
    app.setPath('userData', folder)
    app.setPath('sessionData', folder)
  } catch (error) {
    return fail(error, paths.profile, options)
  }
  if (!app.requestSingleInstanceLock({ hidden: options.hidden })) return app.exit(0)
  app.setName('Toolgate')
  if (process.platform === 'win32') app.setAppUserModelId(applicationId)
  registerPageScheme()
  app.enableSandbox()
  const log = fileLog(paths.logs, systemClock, (line) => process.stderr.write(line))
  endAtOnceOnFaults(log)
  await app.whenReady()
  await run(paths, options, renderer, log).catch((error: unknown) => {
    log.error('the app could not start', { error: error instanceof Error ? (error.stack ?? error.message) : '' })
    fail(error, paths.profile, options)
  })
}

/** Everything after the app is ready. Throws what kept it from starting; then nothing is left running. */
async function run(paths: Paths, options: DesktopArguments, renderer: string, log: Log): Promise<void> {
  const files = pagesIn(renderer)
  const remembered = rememberedPorts(fileSecrets(paths.profile))
  const path = await pathOfPrograms()
  const prompts = desktopPrompts()
  let core: Core | null = null
  let faces: Faces | null = null
  let ending = false
  /** INVARIANT: pages end before the core does, and the core, with its servers and its lock, before the process. */
  const quit = async (why: string): Promise<void> => {
    if (ending) return
    ending = true
    log.info('the gateway ends', { why })
    faces?.destroy()
    await core?.close()
    app.exit(0)
  }
  const ports: Ports = {
    ...{ clock: systemClock, paths, log, openUrl },
    // Not in the system's keychain: shims, commands and the gateway without a desktop read them too.
    secrets: fileSecrets(paths.keys),
    notify: (notification) => faces?.notify(notification),
    pages: windowPages((at) => faces?.openApprovals(at)),
    prompts: prompts.state,
    verifyRecord: () => verifyRecord(join(packageFolder(), 'out', 'toolgate.js'), paths.profile),
    onWake: (woke) => void powerMonitor.on('resume', woke),
    ...platformAuthentication(process.platform),
  }
  core = await createCore(ports, {
    version: version(),
    settings: readSettings(paths),
    readSettings: () => readSettingsAgain(paths),
    starterPolicy: readFileSync(join(packageFolder(), 'assets', 'starter-policy.yaml'), 'utf8'),
    path,
    shim: shimLaunch(),
    http: { port: remembered.get().mcp ?? 0 },
    onShutdown: () => void quit('shutdown'),
  })
  shareSchemas(paths.profile, log)
  try {
    rememberHost(paths, path, log)
    rememberHttpPort(core.httpPort, remembered, log)
    faces = createFaces({ core, files, log, paths, prompts, quit: () => void quit('the person') })
  } catch (error) {
    await core.close()
    throw error
  }
  const shown = faces
  app.on('before-quit', (event) => {
    event.preventDefault()
    void quit('the system')
  })
  // Windows hide instead of closing; the gateway goes on without one.
  app.on('window-all-closed', () => {})
  app.on('activate', () => shown.openApp())
  app.on('second-instance', (_event, _words, _folder, other) => {
    if (!(other as Partial<DesktopArguments> | null)?.hidden) shown.openApp()
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void quit(signal))
  if (!options.hidden) shown.openApp()
}

/** Where servers find their programs: in the PATH of the person's terminals, then that of this app, then where tools usually lie. */
async function pathOfPrograms(): Promise<string> {
  const given = process.env.PATH ?? ''
  const login = process.platform === 'win32' ? null : await loginPath(thisPerson(given))
  return withUsualFolders([login ?? '', given].join(delimiter), homedir())
}

function pagesIn(folder: string): Record<'app' | 'approval', PageFiles> {
  const pages = readBuiltPages(folder)
  if (!pages)
    throw new UnfitHost('the pages of the app have not been built', 'run `npm run build`, then start it again')
  return pages
}

function refuseOpenDoors(words: readonly string[]): void {
  const refused = refusedSwitches(words)
  if (refused.length === 0) return
  throw new UnfitHost(
    `Toolgate does not run with \`${refused.join('`, `')}\`: another program could then answer for you`,
    'start it without',
  )
}

/** Without this record clients cannot start the gateway again; this one serves all the same. */
function rememberHost(paths: Paths, path: string, log: Log): void {
  // Not the app's own idea of its path, which is the script when that was named.
  const own = app.isPackaged ? [] : [packageFolder()]
  const args = [...own, '--hidden', '--profile', paths.profile]
  try {
    writeHostRecord(paths.profile, {
      command: process.execPath,
      args,
      cwd: paths.profile,
      path,
    })
  } catch (error) {
    log.error('how to start this gateway again could not be written down', { error: String(error) })
  }
}

/** Tells a person, or, when none started it, whoever did: that another gateway serves the profile is then no failure. */
function fail(error: unknown, profile: string, { hidden }: DesktopArguments): void {
  const { busy, message, next } = failureText(error, profile)
  process.stderr.write(`${message}\n→ ${next}\n`)
  if (!hidden) dialog.showErrorBox('Toolgate could not start', `${message}.\n\nWhat to do: ${next}.`)
  app.exit(busy && hidden ? 0 : 1)
}

/** What nobody caught may have left anything half done: end at once, and let the next start close what was open. */
function endAtOnceOnFaults(log: Log): void {
  process.on('uncaughtException', (error) => {
    log.error('the gateway failed and ends', { error: error.stack ?? error.message })
    process.stderr.write(`the gateway failed: ${printable(error.message)}\n`)
    app.exit(1)
  })
}
