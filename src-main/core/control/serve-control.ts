import type { Log } from '../ports.ts'
import type { Presence } from '../presence/presence.ts'
import { dispatch, type OnRefused, replyLine } from './dispatch.ts'
import type { ConnectionHandlers, CoreHandlers, Door } from './handlers.ts'

/** A control connection after its handshake: whole lines without their line ends, both ways. */
export type ControlLink = {
  hello: { pid: number }
  onLine: (listener: (line: string) => void) => void
  onClose: (listener: () => void) => void
  write: (line: string) => void
  close: () => void
}

/** Requests that may wait on one connection; a caller that sends more without reading is cut off. */
const queueLimit = 64

/**
 * Serves the calls table over one control connection: requests are answered one after the other, in order, so a call
 * sent right behind a PIN counts as present. Presence lives and dies with the connection.
 */
export function serveControl(
  link: ControlLink,
  handlers: CoreHandlers,
  { presence, log, onRefused }: { presence: Presence; log: Log; onRefused: OnRefused },
): void {
  const person = presence.connect(link.hello.pid)
  const all: ConnectionHandlers = { ...handlers, ...person.handlers }
  const door = (): Door => ({ name: 'terminal', present: person.present(), pid: link.hello.pid, who: person.who() })
  let waiting = 0
  let last = Promise.resolve()
  let open = true

  const cutOff = (why: string): void => {
    log.warn('a control connection was closed', { pid: link.hello.pid, why })
    open = false
    person.end()
    link.close()
  }
  link.onClose(() => {
    open = false
    person.end()
  })
  link.onLine((line) => {
    if (!open) return
    waiting += 1
    if (waiting > queueLimit) {
      cutOff('too many requests at once')
      return
    }
    last = last
      .then(async () => {
        if (!open) return
        const reply = await dispatch(line, all, door, log, onRefused)
        waiting -= 1
        if (open) link.write(replyLine(reply))
      })
      .catch((error: unknown) => cutOff(String(error)))
  })
}
