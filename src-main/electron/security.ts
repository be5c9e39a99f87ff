import type { Session, WebContents, WebPreferences } from 'electron'
import type { PageDoor } from '../../shared/calls.ts'
import { printable } from '../../shared/printable.ts'
import type { Log } from '../core/ports.ts'
import { externalUrl } from './external-url.ts'
import { doorOf } from './page-address.ts'

/** What a page runs with: a sandbox, a world of its own apart from the preload's, no Node, no plugins, no embedded pages. */
export function pagePreferences(preload: string, session: Session): WebPreferences {
  return {
    ...{ preload, session },
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    plugins: false,
    webgl: false,
    navigateOnDragDrop: false,
    // Scripts typed into a console would answer prompts as the page does.
    devTools: false,
    spellcheck: false,
    safeDialogs: true,
    enableWebSQL: false,
  }
}

type HardenedSession = Pick<
  Session,
  | 'setPermissionRequestHandler'
  | 'setPermissionCheckHandler'
  | 'setDevicePermissionHandler'
  | 'setDisplayMediaRequestHandler'
  | 'setBluetoothPairingHandler'
  | 'setSpellCheckerEnabled'
> & { on: (event: 'will-download', listener: (event: Preventable) => void) => unknown } & {
  webRequest: Pick<Session['webRequest'], 'onBeforeRequest'>
}

/**
 * Takes from a session everything that our pages do not need: permissions, devices, downloads, and the network. Its pages
 * load their door's own files and nothing else. The one thing granted is writing text to the clipboard, for "copy".
 */
export function hardenSession(session: HardenedSession, door: PageDoor, log: Log): void {
  const granted = (permission: string, address: string) =>
    permission === 'clipboard-sanitized-write' && doorOf(address) === door
  session.setPermissionRequestHandler((contents, permission, answer) => {
    const ok = granted(permission, contents.getURL())
    if (!ok) log.warn('a page was refused a permission', { door, permission })
    answer(ok)
  })
  session.setPermissionCheckHandler((_contents, permission, origin) =>
    granted(permission, `${origin.replace(/\/$/, '')}/`),
  )
  session.setDevicePermissionHandler(() => false)
  session.setDisplayMediaRequestHandler((_request, answer) => answer(null))
  session.setBluetoothPairingHandler((_details, answer) => answer({ confirmed: false }))
  // It would fetch dictionaries.
  session.setSpellCheckerEnabled(false)
  session.on('will-download', (event) => {
    log.warn('a page was refused a download', { door })
    event.preventDefault()
  })
  session.webRequest.onBeforeRequest(({ url }, answer) => {
    const cancel = doorOf(url) !== door && !url.startsWith('data:')
    if (cancel) log.warn('a page was refused a request', { door, url: shown(url) })
    answer({ cancel })
  })
}

type Preventable = { preventDefault: () => void }
type Navigation = Preventable & { url: string; isMainFrame: boolean }
type HardenedContents = Pick<WebContents, 'setWindowOpenHandler'> & {
  on: ((event: 'will-frame-navigate', listener: (navigation: Navigation) => void) => unknown) &
    ((event: 'will-redirect', listener: (navigation: Navigation) => void) => unknown) &
    ((event: 'will-attach-webview', listener: (event: Preventable) => void) => unknown)
}

/**
 * Keeps a page at its own address: no other page, no frame, no window. A link to the web opens in the system's browser, from
 * the app only: the approval page shows what others wrote and leads nowhere.
 */
export function hardenContents(
  contents: HardenedContents,
  door: PageDoor | null,
  { open, log }: { open: (url: string) => void; log: Log },
): void {
  contents.setWindowOpenHandler(({ url }) => {
    const outside = door === 'app' ? externalUrl(url) : null
    if (outside) open(outside)
    else log.warn('a page was refused a window', { door, url: shown(url) })
    return { action: 'deny' }
  })
  const stay = (navigation: Navigation): void => {
    if (navigation.isMainFrame && door !== null && doorOf(navigation.url) === door) return
    log.warn('a page was kept from going elsewhere', { door, url: shown(navigation.url) })
    navigation.preventDefault()
  }
  contents.on('will-frame-navigate', stay)
  contents.on('will-redirect', stay)
  contents.on('will-attach-webview', (event) => event.preventDefault())
}

/** An address for the log, without what may follow its path. */
function shown(url: string): string {
  return printable((url.split(/[?#]/)[0] ?? '').slice(0, 200))
}
