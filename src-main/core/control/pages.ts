import type { CallRow } from '../../../shared/activity.ts'
import type { PageDoor, PageEvent } from '../../../shared/calls.ts'
import type { Clock, Log } from '../ports.ts'
import type { Presence } from '../presence/presence.ts'
import type { Changed, Changes } from './changes.ts'
import { dispatch, type OnRefused, replyLine } from './dispatch.ts'
import type { ConnectionHandlers, CoreHandlers, Door } from './handlers.ts'
import { createTickets } from './tickets.ts'

/** A connection of a page, whoever carries it: whole lines without their line ends, both ways. */
export type PageLink = {
  onLine: (listener: (line: string) => void) => void
  onClose: (listener: () => void) => void
  write: (line: string) => void
  close: () => void
}

/**
 * A page that signed in. Its presence lives as long as the session, over several connections, so that a connection that
 * breaks does not ask for the PIN again.
 */
export type PageSession = {
  /** Serves the calls table over this connection, and tells it what changes. */
  attach: (link: PageLink) => void
  end: () => void
  connected: () => number
}

/** `native`: the host's own window is the proof that a person is there, as in Electron; else it takes the PIN. */
export type Pages = {
  open: (door: PageDoor, proof: 'native' | 'pin') => PageSession
  /** How many connections of pages there are. */
  connected: () => number
  close: () => void
}

type PagesDeps = {
  handlers: CoreHandlers
  presence: Presence
  changes: Changes
  /** The newest state of calls, for the app's list. */
  rows: (callIds: readonly string[]) => CallRow[]
  clock: Clock
  log: Log
  onRefused: OnRefused
}

/** Requests that may be open on one connection: a page that sends more is broken or hostile. */
const mostOpen = 64

/** Calls told in one event; a page that missed some asks for the newest page again. */
const mostCallsTold = 100

/**
 * Serves the calls table to pages, whichever host carries their lines. Requests of one connection run side by side: a page
 * waits for an answer where order matters, and a slow one (a review runs a server) must not hold up the rest.
 */
export function createPages(deps: PagesDeps): Pages {
  const sessions = new Set<PageSession>()
  return {
    open(door, proof) {
      const session = openSession(deps, door, proof, () => sessions.delete(session))
      sessions.add(session)
      return session
    },
    connected: () => [...sessions].reduce((sum, session) => sum + session.connected(), 0),
    close() {
      for (const session of [...sessions]) session.end()
    },
  }
}

function openSession(deps: PagesDeps, name: PageDoor, proof: 'native' | 'pin', onEnd: () => void): PageSession {
  const links = new Set<PageLink>()
  const person = name === 'approval' ? deps.presence.page(proof, () => tell({ changed: ['presence'] })) : null
  const handlers: ConnectionHandlers = { ...deps.handlers, ...person?.handlers }
  const tickets = createTickets(deps.clock)
  const door = (): Door =>
    person
      ? {
          name: 'approval',
          present: person.present(),
          pid: null,
          who: person.who(),
          answering: { ...tickets, again: person.again },
        }
      : { name: 'app', present: false, pid: null }

  function tell(event: PageEvent): void {
    const line = JSON.stringify({ event })
    for (const link of links) link.write(line)
  }

  const deaf = deps.changes.listen((changed) => {
    if (links.size === 0) return
    const event = name === 'app' ? appEvent(changed, deps.rows) : { changed: changed.topics }
    if (event.changed.length > 0 || event.calls) tell(event)
  })

  return {
    attach(link) {
      let open = 0
      links.add(link)
      link.onClose(() => links.delete(link))
      link.onLine((line) => {
        if (!links.has(link)) return
        if (open >= mostOpen) {
          deps.log.warn('a page was cut off', { door: name, why: 'too many requests at once' })
          links.delete(link)
          link.close()
          return
        }
        open += 1
        void dispatch(line, handlers, door, deps.log, deps.onRefused).then((reply) => {
          open -= 1
          if (links.has(link)) link.write(replyLine(reply))
        })
      })
    },

    connected: () => links.size,

    end() {
      deaf()
      person?.end()
      for (const link of links) link.close()
      links.clear()
      onEnd()
    },
  }
}

/** What the app hears: what changed, and the newest state of the calls that did. */
function appEvent({ topics, calls }: Changed, rows: PagesDeps['rows']): PageEvent {
  if (calls.length === 0) return { changed: topics }
  const told = rows(calls.slice(-mostCallsTold))
  return { changed: topics, calls: told, ...(calls.length > mostCallsTold ? { missed: true } : {}) }
}
