import { z } from 'zod'
import type { ControlReply, PageEvent } from '../../shared/calls.ts'
import type { PageLink, Pages } from '../core/control/pages.ts'
import type { Log } from '../core/ports.ts'
import type { GuardState } from './tray-model.ts'

/** What of `status` and `approvals.overview` the tray needs. */
const Status = z.object({ stopped: z.boolean() })
const Waiting = z.array(z.object({ id: z.string() }))

/** `ids`: the requests that wait, by which new ones are told from old. */
export type Guarded = GuardState & { ids: readonly string[] }

/** Follows the gateway; `stop` halts everything. */
export type GuardWatch = { stop: (reason: string) => void; end: () => void }

/**
 * Follows what the tray shows, through the app's door like any page: it is told that something changed, and asks. `onState`
 * hears every new state. An answer that is refused leaves the last state, and the log says so.
 */
export function watchGuard(pages: Pages, onState: (state: Guarded) => void, log: Log): GuardWatch {
  const session = pages.open('app', 'native')
  const answers = new Map<number, (value: unknown) => void>()
  const asked: ((line: string) => void)[] = []
  const closed: (() => void)[] = []
  let state: Guarded = { stopped: false, waiting: 0, ids: [] }
  let last = 0

  const call = (name: string, input: object, onValue: (value: unknown) => void): void => {
    last += 1
    answers.set(last, onValue)
    const line = JSON.stringify({ id: last, call: name, input })
    for (const listener of asked) listener(line)
  }
  const become = (change: Partial<Guarded>): void => {
    state = { ...state, ...change }
    onState(state)
  }
  const askStatus = () => call('status', {}, (value) => become({ stopped: Status.parse(value).stopped }))
  const askApprovals = () =>
    call('approvals.overview', {}, (value) => {
      const ids = Waiting.parse(value).map(({ id }) => id)
      become({ waiting: ids.length, ids })
    })

  const hear = (line: string): void => {
    const said = JSON.parse(line) as ControlReply | { event: PageEvent }
    if ('event' in said) {
      if (said.event.changed.includes('status')) askStatus()
      if (said.event.changed.includes('approvals')) askApprovals()
      return
    }
    const onValue = answers.get(said.id)
    answers.delete(said.id)
    if (said.ok) onValue?.(said.value)
    else log.error('the tray was refused an answer', { code: said.code })
  }
  const link: PageLink = {
    onLine: (listener) => void asked.push(listener),
    onClose: (listener) => void closed.push(listener),
    write: hear,
    close: () => log.error('the tray no longer hears the gateway'),
  }
  session.attach(link)
  askStatus()
  askApprovals()

  return {
    stop: (reason) => call('stop', { reason }, () => {}),
    end() {
      for (const listener of closed) listener()
      session.end()
    },
  }
}
