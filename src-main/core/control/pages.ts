import type { PageDoor } from './handlers.ts'

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
}

/** `native`: the host's own window is the proof that a person is there, as in Electron; else it takes the PIN. */
export type Pages = { open: (door: PageDoor, proof: 'native' | 'pin') => PageSession; close: () => void }
