import type { Clock } from '../ports.ts'
import type { Member } from './member.ts'

/** A server whose lists are slow again and again is announced this often at most (ms). */
const announceMs = 60_000

type Deps = {
  clock: Clock
  toClient: (line: Buffer) => void
  /** Those who listen in the stateless generation. */
  listens: { announce: () => void }
  /** Whether the client of a session takes what nobody asked for. */
  ready: () => boolean
  /** The servers that there are. */
  names: () => readonly string[]
  /** There is no server of this name any more. */
  left: (server: string) => void
}

/** Tells a client that what it has seen of all servers is no longer so; it then asks again. */
export function createAnnouncements({ clock, toClient, listens, ready, names, left }: Deps) {
  const announcedAt = new Map<string, number>()
  let shown = names()

  function announce(): void {
    listens.announce()
    if (!ready()) return
    for (const what of ['tools', 'prompts', 'resources']) {
      toClient(Buffer.from(`{"jsonrpc":"2.0","method":"notifications/${what}/list_changed"}`))
    }
  }

  return {
    announce,

    /** A server's part of a list came after the list was given. */
    late({ server }: Member): void {
      const now = clock.monotonic()
      if (now - (announcedAt.get(server) ?? Number.NEGATIVE_INFINITY) < announceMs) return
      announcedAt.set(server, now)
      announce()
    },

    /** What changed of a server's own lists, the session with it tells; here, which servers there are. */
    viewsChanged(): void {
      const now = names()
      const same = now.length === shown.length && now.every((name, index) => name === shown[index])
      for (const name of shown) if (!now.includes(name)) left(name)
      shown = now
      if (!same) announce()
    },
  }
}
