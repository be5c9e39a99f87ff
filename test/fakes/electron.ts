import { spawn } from 'node:child_process'
import { EventEmitter } from 'node:events'

/**
 * Electron as far as the desktop host uses it, for plain Node: what the host makes of it can be looked at, and what a person
 * or a page does can be done to it. A page is real as far as this process sees one: it is loaded through the scheme's
 * handler, and its messages come with a frame that has an address.
 */
type Listener = (...args: never[]) => unknown
type Handler = (request: Request) => Response | Promise<Response>

export type FakeFrame = {
  url: string
  parent: FakeFrame | null
  frameTreeNodeId: number
  lines: string[]
  send: (channel: string, line: string) => void
  isDestroyed: () => boolean
}

let lastId = 0

/** An event that the host may prevent. */
function askable(details: object) {
  let prevented = false
  const preventDefault = () => {
    prevented = true
  }
  return { event: { ...details, preventDefault }, prevented: () => prevented }
}

function makeFrame(url: string, parent: FakeFrame | null): FakeFrame {
  const lines: string[] = []
  const send = (_channel: string, line: string) => void lines.push(line)
  return { url, parent, frameTreeNodeId: ++lastId, lines, send, isDestroyed: () => false }
}

class FakeContents extends EventEmitter {
  readonly id = ++lastId
  mainFrame = makeFrame('about:blank', null)
  openHandler: (details: { url: string }) => { action: string } = () => ({ action: 'allow' })
  readonly session: FakeSession
  destroyed = false
  loaded: { status: number; body: string } | null = null
  constructor(session: FakeSession) {
    super()
    this.session = session
  }
  isDestroyed = () => this.destroyed
  getURL = () => this.mainFrame.url
  setWindowOpenHandler(handler: FakeContents['openHandler']): void {
    this.openHandler = handler
  }
  async load(url: string): Promise<void> {
    const same = url.split('#')[0] === this.mainFrame.url.split('#')[0]
    if (!same) {
      const response = await this.session.fetch(url)
      this.loaded = { status: response.status, body: await response.text() }
    }
    // A page that was loaded anew has none of the lines of the one before it.
    this.mainFrame = same ? this.mainFrame : makeFrame(url, null)
    this.mainFrame.url = url
    if (same) return
    this.emit('did-navigate')
    this.emit('did-finish-load')
  }
  reload(): void {
    this.mainFrame = makeFrame(this.mainFrame.url, null)
    this.emit('did-navigate')
    this.emit('did-finish-load')
  }
  /** Says something on the channel, as the page itself or as another frame. */
  say(line: unknown, frame: FakeFrame | null = this.mainFrame): void {
    ipcMain.emit('toolgate', { sender: this, senderFrame: frame }, line)
  }
  frame(url: string): FakeFrame {
    return makeFrame(url, this.mainFrame)
  }
  /** Whether the host lets the page do what this event stands for. */
  allows(event: string, details: object = {}): boolean {
    const asked = askable(details)
    this.emit(event, asked.event)
    return !asked.prevented()
  }
}

type Options = Record<string, unknown> & { webPreferences: Record<string, unknown> & { session: FakeSession } }
type Bounds = { x: number; y: number; width: number; height: number }

export class BrowserWindow extends EventEmitter {
  readonly webContents: FakeContents
  readonly options: Options
  readonly done: string[] = []
  visible = false
  focused = false
  onTop = false
  bounds: Bounds
  constructor(options: Options) {
    super()
    this.options = options
    this.visible = options.show !== false
    const { x = 0, y = 0, width = 800, height = 600 } = options as Partial<Bounds>
    this.bounds = { x, y, width, height }
    this.webContents = new FakeContents(options.webPreferences.session)
    desktop.windows.push(this)
  }
  loadURL = (url: string) => this.webContents.load(url)
  show(): void {
    this.done.push('show')
    this.appear()
  }
  showInactive(): void {
    this.done.push('showInactive')
    this.appear()
  }
  private appear(): void {
    if (this.visible) return
    this.visible = true
    this.emit('show')
  }
  hide(): void {
    this.visible = false
    this.focused = false
    this.emit('hide')
  }
  focus(): void {
    this.focused = true
    this.emit('focus')
  }
  /** As the button in the title bar does. */
  close(): void {
    const asked = askable({})
    this.emit('close', asked.event)
    if (!asked.prevented()) this.destroy()
  }
  destroy(): void {
    this.webContents.destroyed = true
    desktop.windows = desktop.windows.filter((window) => window !== this)
    this.emit('closed')
  }
  isDestroyed = () => this.webContents.destroyed
  isVisible = () => this.visible
  isFocused = () => this.focused
  isMinimized = () => false
  isMaximized = () => false
  restore(): void {}
  maximize(): void {
    this.done.push('maximize')
  }
  flashFrame = (on: boolean) => void this.done.push(on ? 'flash' : 'still')
  setAlwaysOnTop(on: boolean): void {
    this.onTop = on
  }
  getBounds = () => this.bounds
  getNormalBounds = () => this.bounds
  setBounds(bounds: Bounds): void {
    this.bounds = bounds
  }
}

export class FakeSession extends EventEmitter {
  readonly name: string
  handlers = new Map<string, Handler>()
  set: Record<string, Listener> = {}
  spellChecker = true
  constructor(name: string) {
    super()
    this.name = name
  }
  protocol = { handle: (scheme: string, handler: Handler) => void this.handlers.set(scheme, handler) }
  webRequest = { onBeforeRequest: (handler: Listener) => this.keep('request', handler) }
  setPermissionRequestHandler = (handler: Listener) => this.keep('permission', handler)
  setPermissionCheckHandler = (handler: Listener) => this.keep('check', handler)
  setDevicePermissionHandler = (handler: Listener) => this.keep('device', handler)
  setDisplayMediaRequestHandler = (handler: Listener) => this.keep('display', handler)
  setBluetoothPairingHandler = (handler: Listener) => this.keep('bluetooth', handler)
  setSpellCheckerEnabled(on: boolean): void {
    this.spellChecker = on
  }
  async fetch(url: string, method = 'GET'): Promise<Response> {
    const handler = this.handlers.get(new URL(url).protocol.replace(':', ''))
    if (!handler) throw new Error(`no handler for ${url}`)
    return handler({ url, method } as Request)
  }
  private keep(name: string, handler: Listener): void {
    this.set[name] = handler
  }
}

export class Tray extends EventEmitter {
  picture: string
  tooltip = ''
  menu: { label?: string; type?: string; click?: () => void }[] = []
  constructor(picture: string) {
    super()
    this.picture = picture
    desktop.tray = this
  }
  setImage(picture: string): void {
    this.picture = picture
  }
  setToolTip(text: string): void {
    this.tooltip = text
  }
  setTitle(): void {}
  setContextMenu(menu: Tray['menu']): void {
    this.menu = menu
  }
  destroy(): void {
    desktop.tray = null
  }
  /** Chooses an item of the menu. */
  choose(label: string): void {
    this.menu.find((item) => item.label === label)?.click?.()
  }
}

export class Notification extends EventEmitter {
  static isSupported = () => true
  readonly options: { title: string; body: string; actions?: unknown[] }
  open = false
  constructor(options: Notification['options']) {
    super()
    this.options = options
    desktop.notifications.push(this)
  }
  show(): void {
    this.open = true
  }
  close(): void {
    this.open = false
  }
}

const workArea = { x: 0, y: 0, width: 1920, height: 1080 }
const display = { workArea }

/** What the host did to the desktop, and where the test stands. */
export const desktop = {
  windows: [] as BrowserWindow[],
  tray: null as Tray | null,
  notifications: [] as Notification[],
  dialogs: [] as string[],
  opened: [] as string[],
  schemes: [] as { scheme: string; privileges: Record<string, boolean> }[],
  paths: {} as Record<string, string>,
  bridge: null as { send: (line: unknown) => void; onLine: (listener: (line: string) => void) => void } | null,
  /** Exit code, once the app ended. */
  exit: null as number | null,
  /** Another app of the profile runs already. */
  second: false,
  sandbox: false,
  /** The window of a door. */
  window(door: 'app' | 'approval'): BrowserWindow {
    const found = desktop.windows.find((it) => it.webContents.getURL().startsWith(`toolgate://${door}/`))
    if (!found) throw new Error(`there is no window of ${door}`)
    return found
  },
}

class App extends EventEmitter {
  isPackaged = false
  dock = undefined
  setPath(name: string, path: string): void {
    desktop.paths[name] = path
  }
  setName(): void {}
  setAppUserModelId(): void {}
  requestSingleInstanceLock = () => !desktop.second
  enableSandbox(): void {
    desktop.sandbox = true
  }
  whenReady = async () => {}
  exit = (code: number) => {
    desktop.exit ??= code
    this.emit('ended')
  }
}

export const app = new App()
export const ipcMain = new EventEmitter()
const renderer = new EventEmitter()
export const ipcRenderer = Object.assign(renderer, { send: (...said: unknown[]) => renderer.emit('said', ...said) })
export const nativeTheme = Object.assign(new EventEmitter(), { shouldUseDarkColors: true })
export const nativeImage = { createFromPath: (path: string) => path }
export const screen = {
  getAllDisplays: () => [display],
  getPrimaryDisplay: () => display,
  getDisplayMatching: () => display,
  getDisplayNearestPoint: () => display,
  getCursorScreenPoint: () => ({ x: 10, y: 10 }),
}
export const shell = { openExternal: async (url: string) => void desktop.opened.push(url) }
export const powerMonitor = new EventEmitter()
export const dialog = { showErrorBox: (_title: string, text: string) => void desktop.dialogs.push(text) }
export const systemPreferences = { canPromptTouchID: () => true, promptTouchID: async (_reason: string) => {} }
export const Menu = { buildFromTemplate: (template: unknown) => template, setApplicationMenu: () => {} }
export const protocol = {
  registerSchemesAsPrivileged: (schemes: typeof desktop.schemes) => void desktop.schemes.push(...schemes),
}
/** Another start of the same app: nothing of the one before is left. */
export function resetDesktop(): void {
  const fresh = { windows: [], tray: null, notifications: [], dialogs: [], opened: [], schemes: [], paths: {} }
  Object.assign(desktop, fresh, { exit: null, second: false, sandbox: false })
  for (const emitter of [app, ipcMain, nativeTheme, powerMonitor]) emitter.removeAllListeners()
  sessions.clear()
}

const sessions = new Map<string, FakeSession>()
export const session = {
  fromPartition(name: string): FakeSession {
    const found = sessions.get(name) ?? new FakeSession(name)
    sessions.set(name, found)
    return found
  },
}
export const contextBridge = {
  exposeInMainWorld: (_name: string, bridge: unknown) => {
    desktop.bridge = bridge as typeof desktop.bridge
  },
}
/** A real process of its own, as there. */
export const utilityProcess = {
  fork: (file: string, words: string[]) =>
    spawn(process.execPath, [file, ...words], { stdio: ['ignore', 'pipe', 'ignore'] }),
}
