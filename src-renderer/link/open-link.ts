import { greetingLimits, type PageGreeting, type PageWelcome, pageSocketPath } from '../../shared/page-link.ts'

/** A way for lines to the host and back. `onClose` fires once, also when it never opened. */
export type Link = { send: (line: string) => void; close: () => void }

/** What a link tells whoever opened it. `onRefused`: the host wants another greeting; the link is closed after it. */
export type LinkEvents = {
  onOpen: (session: string | null) => void
  onLine: (line: string) => void
  onRefused: (why: { code: string; message: string; hint: string }) => void
  onClose: () => void
}

/** What the preload of the desktop app puts into the window: one channel of lines; the window itself is the proof. */
type Bridge = { send: (line: string) => void; onLine: (listener: (line: string) => void) => void }

declare global {
  interface Window {
    bridge?: Bridge
  }
  interface WindowEventMap {
    /** The desktop app's window was shown or brought forward (true), or hidden. */
    'toolgate:sight': CustomEvent<boolean>
  }
}

/** Whether the desktop app carries this page, so that no greeting is needed. */
export function hasBridge(): boolean {
  return window.bridge !== undefined
}

/** Opens the channel of the desktop app; it stays open as long as the window does, unless the host refuses the page. Call it once. */
export function openBridge(events: LinkEvents): Link {
  const { bridge } = window
  if (!bridge) throw new Error('no desktop app carries this page')
  let open = true
  bridge.onLine((line) => {
    if (!open) return
    const sight = readSight(line)
    const refusal = readRefusal(line)
    if (sight !== null) window.dispatchEvent(new CustomEvent('toolgate:sight', { detail: sight }))
    else if (refusal) {
      open = false
      events.onRefused(refusal)
      events.onClose()
    } else events.onLine(line)
  })
  queueMicrotask(() => events.onOpen(null))
  return { send: (line) => bridge.send(line), close: () => undefined }
}

/** Opens the WebSocket of the page's own origin and greets; the host's first line is its welcome. */
export function openSocket(greeting: PageGreeting, events: LinkEvents): Link {
  const address = new URL(pageSocketPath, window.location.href)
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:'
  address.hash = ''
  const socket = new WebSocket(address)
  let welcomed = false
  const impatience = setTimeout(() => socket.close(), greetingLimits.ms)
  socket.onopen = () => socket.send(JSON.stringify(greeting))
  socket.onmessage = ({ data }) => {
    if (typeof data !== 'string') return
    if (welcomed) {
      events.onLine(data)
      return
    }
    clearTimeout(impatience)
    const welcome = readWelcome(data)
    if (welcome?.ok) {
      welcomed = true
      events.onOpen(welcome.session)
      return
    }
    if (welcome) events.onRefused(welcome)
    socket.close()
  }
  socket.onclose = () => {
    clearTimeout(impatience)
    events.onClose()
  }
  return { send: (line) => socket.send(line), close: () => socket.close() }
}

/** What a window says of itself between the lines of the core: whether it can be seen. */
function readSight(line: string): boolean | null {
  // Not every line is read twice: some are long.
  if (!line.startsWith('{"sight":')) return null
  try {
    const { sight } = JSON.parse(line) as { sight: unknown }
    return typeof sight === 'boolean' ? sight : null
  } catch {
    return null
  }
}

/** A refusal of the page itself: that of a call names the call that it answers. */
function readRefusal(line: string): Exclude<PageWelcome, { ok: true }> | null {
  if (!line.startsWith('{"ok":false')) return null
  const said = readWelcome(line)
  return said && !said.ok && !('id' in JSON.parse(line)) ? said : null
}

function readWelcome(line: string): PageWelcome | null {
  try {
    const said = JSON.parse(line) as Partial<PageWelcome> | null
    if (said?.ok === true && typeof said.session === 'string') return { ok: true, session: said.session }
    if (said?.ok !== false) return null
    return { ok: false, code: String(said.code), message: String(said.message), hint: String(said.hint) }
  } catch {
    return null
  }
}
