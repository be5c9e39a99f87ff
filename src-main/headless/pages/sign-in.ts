import { createHash, randomBytes } from 'node:crypto'
import { CallError } from '../../../shared/call-errors.ts'
import type { PageDoor } from '../../../shared/calls.ts'
import type { PageLink, PageSession } from '../../core/control/pages.ts'
import { deadline } from '../../core/deadline.ts'
import type { Clock, Log } from '../../core/ports.ts'

/** How long a sign-in link is good, and how long what it began. */
const nonceMs = 60_000
const sessionMs = 12 * 60 * 60_000
/** How often it is looked whether a session is over: after the machine slept, a timer of its whole length would come late. */
const lookMs = 60_000

/** Links and sessions of one door that are kept at once; the oldest makes room for one more. */
const mostNonces = 64
const mostSessions = 200

/** A page that signed in, over as many connections as it makes. */
export type SignedIn = {
  /** Serves this connection until it or the session ends. */
  attach: (link: PageLink) => void
}

/** Who may come in through one page's door. What it hands out is kept as its SHA-256 only, and found by that. */
export type SignIn = {
  /** A new nonce for a sign-in link: good once, for 60 seconds, at this door. */
  nonce: () => string
  /** Begins a session, whose secret is given here and never again. Throws `CallError` NOT_SIGNED_IN. */
  begin: (nonce: string) => { secret: string; session: SignedIn }
  /** The session of this secret. Throws `CallError` NOT_SIGNED_IN. */
  resume: (secret: string) => SignedIn
  /** Ends every session, and with it its connections. */
  close: () => void
}

type Session = SignedIn & { end: () => void }
type Nonce = { isOver: () => boolean; usedFor: Session | null }

/** Sign-in at the door `door`; `open` asks the core for what a session may do. */
export function createSignIn(
  door: PageDoor,
  open: () => PageSession,
  { clock, log }: { clock: Clock; log: Log },
): SignIn {
  const nonces = new Map<string, Nonce>()
  const sessions = new Map<string, Session>()

  function newSession(): { secret: string; session: Session } {
    const { secret, key } = newSecret()
    const page = open()
    const links = new Set<PageLink>()
    const session: Session = {
      attach(link) {
        links.add(link)
        link.onClose(() => links.delete(link))
        page.attach(link)
      },
      end() {
        stopTimer()
        sessions.delete(key)
        page.end()
        for (const link of links) link.close()
      },
    }
    const isOver = deadline(clock, sessionMs)
    const look = () => {
      if (isOver()) session.end()
      else stopTimer = clock.after(lookMs, look)
    }
    let stopTimer = clock.after(lookMs, look)
    sessions.set(key, session)
    if (sessions.size > mostSessions) sessions.values().next().value?.end()
    return { secret, session }
  }

  function begin(given: string): { secret: string; session: SignedIn } {
    const nonce = nonces.get(keyOf(given))
    if (!nonce || nonce.isOver()) throw new CallError('NOT_SIGNED_IN')
    if (nonce.usedFor) {
      // Two have it, and only one can be the person: as with a code that comes twice (RFC 6749, 4.1.2), neither stays.
      log.warn('a sign-in link came twice, so the session that it began was ended', { door })
      nonce.usedFor.end()
      throw new CallError('NOT_SIGNED_IN', 'its link was used twice, which ends both')
    }
    const begun = newSession()
    nonce.usedFor = begun.session
    return begun
  }

  return {
    nonce() {
      for (const [key, { isOver }] of nonces) if (isOver()) nonces.delete(key)
      const { secret, key } = newSecret()
      nonces.set(key, { isOver: deadline(clock, nonceMs), usedFor: null })
      if (nonces.size > mostNonces) nonces.delete(nonces.keys().next().value ?? '')
      return secret
    },
    begin,
    resume(secret) {
      const session = sessions.get(keyOf(secret))
      if (!session) throw new CallError('NOT_SIGNED_IN')
      return session
    },
    close() {
      nonces.clear()
      for (const session of [...sessions.values()]) session.end()
    },
  }
}

function newSecret(): { secret: string; key: string } {
  const secret = randomBytes(32).toString('base64url')
  return { secret, key: keyOf(secret) }
}

/** What is compared is the hash, so how long a comparison takes tells nothing of the secret. */
function keyOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64')
}
