import { randomBytes, randomInt } from 'node:crypto'
import type { ConsentAnswer, ConsentSummary } from '../../../../shared/consents.ts'
import { deadline } from '../../deadline.ts'
import type { Clock } from '../../ports.ts'

/** How long an app waits for a person (ms), as long as what the browser waits with lives. */
const consentMs = 10 * 60_000

/** Apps that may wait at once, and requests of one of them: more is a program that floods a person. Those of the network count apart. */
const most = { here: { waiting: 20, ofOneApp: 3 }, network: { waiting: 10, ofOneApp: 2 } }

/** Browsers that wait for one request: a person has one, perhaps two. */
const mostBrowsers = 4

/** Characters of a code that people read to each other: none looks or sounds much like another. */
const codeCharacters = '234679ACDEFHJKMNPQRTWXY'

/** What an app asks for, as it came from it. */
export type Asked = {
  client: string
  app: string
  documentHost: string | null
  website: string | null
  purpose: string | null
  /** For whom it would work; null: for nobody in particular. */
  tenant: string | null
  redirect: string
  /** Resource as it was named, and the path that it means here. */
  resource: string
  path: string
  scopes: readonly string[]
  /** The public origin by which it came; null for an address of this machine. */
  publicOrigin: string | null
}

/** One request of an app that a person answers. */
export type Consent = Omit<ConsentSummary, 'public_origin'> &
  Asked & {
    expires_at: string
    /** Shown in the browser that waits too, so that the two can be told to belong together. */
    code: string
  }

/** What came of it; null while nobody has answered. */
export type Outcome = ConsentAnswer | 'expired' | null

type Waiting = Consent & { uid: string; outcome: Outcome; over: () => boolean; wake: Set<() => void> }

/**
 * Apps that wait for a person's yes. A browser begins a request by its `uid` and may wait for its end; only `answer`, which the approval door
 * calls, decides it.
 */
export function createConsents(deps: { clock: Clock; onChange: () => void; onAsked: (consent: Consent) => void }) {
  const { clock, onChange, onAsked } = deps
  const byUid = new Map<string, Waiting>()

  const isOpen = (it: Waiting) => it.outcome === null && !it.over()

  function sweep(): void {
    for (const [uid, it] of byUid) if (it.over()) byUid.delete(uid)
  }

  function outcomeOf(it: Waiting | undefined): Outcome {
    if (!it) return 'expired'
    return it.outcome ?? (it.over() ? 'expired' : null)
  }

  return {
    /** Begins a request, or finds the one that this browser began. Null: too many wait already. */
    ask(uid: string, asked: Asked): Consent | null {
      const known = byUid.get(uid)
      if (known) return known
      sweep()
      const open = [...byUid.values()].filter((it) => isOpen(it) && it.publicOrigin === asked.publicOrigin)
      const { waiting, ofOneApp } = asked.publicOrigin === null ? most.here : most.network
      if (open.length >= waiting) return null
      if (open.filter(({ client }) => client === asked.client).length >= ofOneApp) return null
      const now = clock.now()
      const made: Waiting = {
        ...asked,
        ...{ id: `consent_${randomBytes(12).toString('hex')}`, uid, outcome: null, wake: new Set() },
        code: newCode([...byUid.values()].map(({ code }) => code)),
        ...{ over: deadline(clock, consentMs), asked_at: new Date(now).toISOString() },
        expires_at: new Date(now + consentMs).toISOString(),
      }
      byUid.set(uid, made)
      onAsked(made)
      onChange()
      return made
    },

    /** What came of the request of a browser. */
    outcome: (uid: string): Outcome => outcomeOf(byUid.get(uid)),

    /** The request itself, whatever came of it. */
    of: (uid: string): Consent | null => byUid.get(uid) ?? null,

    /**
     * Waits until there is an outcome, for `ms` at most. `end`: whoever waits is gone. Null when as many wait as may: nobody is pushed out, who
     * would only come again.
     */
    wait(uid: string, ms: number): { over: Promise<void>; end: () => void } | null {
      const it = byUid.get(uid)
      if (!it || !isOpen(it)) return { over: Promise.resolve(), end: () => undefined }
      if (it.wake.size >= mostBrowsers) return null
      const { promise: over, resolve } = Promise.withResolvers<void>()
      const stop = clock.after(ms, end)
      function end(): void {
        it?.wake.delete(end)
        stop()
        resolve()
      }
      it.wake.add(end)
      return { over, end }
    },

    /** Forgets a request whose outcome went to its browser, so that it counts once. */
    close(uid: string): void {
      if (byUid.delete(uid)) onChange()
    },

    /** All that wait, oldest first; those of the network after all of this machine, which they must not bury. */
    list(): Consent[] {
      const open = [...byUid.values()].filter(isOpen)
      const fromHere = ({ publicOrigin }: Consent) => publicOrigin === null
      return [...open.filter(fromHere), ...open.filter((it) => !fromHere(it))]
    },

    find: (id: string): Consent | null => [...byUid.values()].find((it) => it.id === id && isOpen(it)) ?? null,

    /** Decides a request that is open, for the tenant that the person was shown; false when it no longer is. */
    answer(id: string, answer: ConsentAnswer, tenant: string | null): boolean {
      const it = [...byUid.values()].find((waiting) => waiting.id === id)
      if (!it || !isOpen(it)) return false
      it.outcome = answer
      it.tenant = tenant
      for (const wake of [...it.wake]) wake()
      onChange()
      return true
    },

    /** Ends the requests, open or answered, that are `over`: nothing comes of them any more. */
    drop(over: (consent: Consent) => boolean): void {
      for (const [uid, it] of byUid) {
        if (!over(it)) continue
        byUid.delete(uid)
        for (const wake of [...it.wake]) wake()
      }
      onChange()
    },

    /** Lets every browser that waits go on. */
    end(): void {
      for (const it of byUid.values()) for (const wake of [...it.wake]) wake()
    },
  }
}

/** Six random characters, such as `K7Q-F2M`, that no request has which is known. */
function newCode(taken: readonly string[]): string {
  for (;;) {
    const characters = Array.from({ length: 6 }, () => codeCharacters[randomInt(codeCharacters.length)]).join('')
    const code = `${characters.slice(0, 3)}-${characters.slice(3)}`
    if (!taken.includes(code)) return code
  }
}
