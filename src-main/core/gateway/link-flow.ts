import type { Clock } from '../ports.ts'
import type { ShimLink } from './link.ts'
import { isThere, processStart } from './process-start.ts'

/** How often the client of a link that is not read from is looked for. */
const lookMs = 5_000

/** What holds back whoever writes to a link faster than it is read. */
type Server = { pauseServer: () => void; resumeServer: () => void }

/**
 * Keeps both ends of a link in step: while its client leaves unread what it gets, neither it nor its server is read from, and while its
 * server takes no more, it is not. A link that is not read from does not tell that its client is gone, so that its process
 * is looked for meanwhile: a server that hangs must not outlive whom it works for.
 */
export function createLinkFlow(link: ShimLink, clock: Clock, server: () => Server) {
  /** Why it is not read from. */
  let reasons = 0
  let behind = false
  let looking = false
  let closed = false
  const gone = goneCheck(link.hello.pid)

  function hold(): void {
    if (reasons++ > 0) return
    link.pause()
    look()
  }

  function release(): void {
    if (--reasons === 0) link.resume()
  }

  function look(): void {
    if (looking) return
    looking = true
    clock.after(lookMs, () => {
      looking = false
      if (reasons === 0 || closed) return
      if (gone()) link.destroy()
      else look()
    })
  }

  // A drain may never come to one that is closed: nobody is looked for any more.
  link.onClose(() => {
    closed = true
  })
  link.onDrain(() => {
    if (!behind) return
    behind = false
    server().resumeServer()
    release()
  })

  return {
    writeLine(line: Buffer): void {
      if (link.writeLine(line) || behind) return
      behind = true
      server().pauseServer()
      hold()
    },

    /** The server takes nothing more until then. */
    waitFor(drained: Promise<void>): void {
      hold()
      void drained.then(release)
    },
  }
}

/** Tells whether a process has ended, also when another one has its id now. One that was never seen (in a container, say) has not. */
function goneCheck(pid: number): () => boolean {
  const seen = isThere(pid)
  let known: string | null = null
  return () => {
    if (!seen) return false
    try {
      const found = processStart(pid)
      known ??= found
      return found === null || found !== known
    } catch {
      return false
    }
  }
}
