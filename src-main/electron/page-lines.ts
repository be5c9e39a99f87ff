import { CallError, type CallErrorCode } from '../../shared/call-errors.ts'
import type { PageDoor } from '../../shared/calls.ts'
import type { PageWelcome } from '../../shared/page-link.ts'
import { printable } from '../../shared/printable.ts'
import { controlLineLimit } from '../core/control/dispatch.ts'
import type { PageLink, PageSession, Pages } from '../core/control/pages.ts'
import type { Log } from '../core/ports.ts'
import { doorOf } from './page-address.ts'

/** Who sent a message: its window, whether it is the window's own page rather than a frame in it, and where that came from. */
export type Sender = { window: number; mainFrame: boolean; address: string; reply: (line: string) => void }

/** A window of ours. `send` reaches its page, as long as the page is still the door's own. */
export type PageWindow = { id: number; door: PageDoor; send: (line: string) => void }

/** A window that is served: `restart` when it loads its page anew, `end` when it is gone. `cutOff`: until then it hears nothing. */
export type ServedWindow = { restart: () => void; end: () => void; cutOff: () => boolean }

type Connection = { onLine: (line: string) => void; drop: () => void; cutOff: () => boolean }

/**
 * Carries lines between windows and the core. A window is the proof that a person is there, so its lines count only from
 * the page itself, at its door's own address; all others are refused, and the log says so.
 */
export function pageLines(pages: Pages, log: Log) {
  const windows = new Map<number, { window: PageWindow; session: PageSession; connection: Connection | null }>()

  function refuse(sender: Sender, code: CallErrorCode, why: string): void {
    log.warn('a message of a page was refused', { window: sender.window, address: shown(sender.address), why })
    sender.reply(refusalLine(code, why))
  }

  return {
    /** Serves a window from now on. */
    serve(window: PageWindow): ServedWindow {
      const served = { window, session: pages.open(window.door, 'native'), connection: null as Connection | null }
      windows.set(window.id, served)
      const restart = () => {
        served.connection?.drop()
        served.connection = null
      }
      return {
        restart,
        cutOff: () => served.connection?.cutOff() ?? false,
        end() {
          restart()
          if (windows.delete(window.id)) served.session.end()
        },
      }
    },

    /** Takes one message, whoever sent it. */
    receive(sender: Sender, line: unknown): void {
      const served = windows.get(sender.window)
      if (!served) refuse(sender, 'FORBIDDEN_AT_DOOR', 'no window of Toolgate')
      else if (!sender.mainFrame) refuse(sender, 'FORBIDDEN_AT_DOOR', 'a frame inside the page')
      else if (doorOf(sender.address) !== served.window.door) refuse(sender, 'FORBIDDEN_AT_DOOR', 'another address')
      else if (typeof line !== 'string') refuse(sender, 'BAD_REQUEST', 'not a line of text')
      // A character of a string has at least one byte.
      else if (line.length > controlLineLimit) refuse(sender, 'TOO_LARGE', 'one line')
      else {
        served.connection ??= connect(served.session, served.window)
        served.connection.onLine(line)
      }
    },
  }
}

/** The page says something for the first time since it was loaded: that is a new connection of its window's session. */
function connect(session: PageSession, window: PageWindow): Connection {
  const lines: ((line: string) => void)[] = []
  const closed: (() => void)[] = []
  let open = true
  const drop = (): void => {
    if (!open) return
    open = false
    for (const listener of closed) listener()
  }
  const link: PageLink = {
    onLine: (listener) => void lines.push(listener),
    onClose: (listener) => void closed.push(listener),
    write: (line) => {
      if (open) window.send(line)
    },
    // The core cuts a page off: it hears so, and nothing more until it is loaded anew.
    close: () => {
      if (open)
        window.send(refusalLine('NOT_SIGNED_IN', 'the gateway cut it off', 'close the window and open it again'))
      drop()
    },
  }
  session.attach(link)
  return {
    drop,
    cutOff: () => !open,
    onLine: (line) => {
      if (open) for (const listener of lines) listener(line)
    },
  }
}

/** How a page hears that it is not served (`PageWelcome` of `shared/page-link.ts`). */
function refusalLine(code: CallErrorCode, why: string, next?: string): string {
  const { message, hint } = new CallError(code, why, next)
  return JSON.stringify({ ok: false, code, message, hint } satisfies PageWelcome)
}

function shown(address: string): string {
  return printable((address.split(/[?#]/)[0] ?? '').slice(0, 200))
}
