import { hash, randomBytes } from 'node:crypto'
import type { Clock, Log, Secrets } from '../ports.ts'
import { secretKey } from '../secret-key.ts'
import type { ContentsTable } from '../store/contents-table.ts'
import { seal, unseal } from '../vault/seal.ts'

/** The key that wraps the key of each content: 32 bytes under this name in the secret store. */
const contentKeyName = 'content-key'
const dayMs = 86_400_000
const tidyEveryMs = 3_600_000

/** What is left of a content: its bytes, or when it was shredded, or nothing at all. */
export type Kept = { bytes: Buffer } | { shreddedAt: number } | null

export type Contents = ReturnType<typeof createContents>

/**
 * Content that records commit to by its hash, sealed, outside the record and for as long as the settings say. Shredding
 * destroys its key: the commitment in the record stays, and nobody can tell any more what it was to.
 */
export function createContents(deps: {
  table: ContentsTable
  secrets: Secrets
  clock: Clock
  log: Log
  days: () => number
  maxBytes: () => number
  /** Hears which contents are about to be destroyed, so that the record says so first; throws when it cannot. */
  onShred: (detail: { contents: number; belongs_to: string[]; why: string }) => void
}) {
  const { table, secrets, clock } = deps
  let [cancel, cancelSoon] = [() => {}, () => {}]

  /** Made with the first content. Throws when the secret store refuses. */
  const contentKey = () => secretKey(secrets, contentKeyName)

  /** Destroys what is older than the days that content is kept, then the oldest of what is too much; of a request all or nothing. */
  function tidy(): void {
    for (let due = table.oldest(); due.length > 0; ) {
      const before = clock.now() - deps.days() * dayMs
      let excess = table.bytes() - deps.maxBytes()
      const requests = new Set<string>()
      for (const { belongs_to, created_at, size } of due) {
        if (created_at < before || excess > 0) requests.add(belongs_to)
        if (requests.has(belongs_to)) excess -= size
      }
      if (requests.size === 0) return
      const gone = due.filter(({ belongs_to }) => requests.has(belongs_to))
      const why = 'it was kept for as long as the settings say'
      deps.onShred({ contents: gone.length, belongs_to: [...requests], why })
      table.shred(gone, clock.now())
      due = gone.length === due.length ? table.oldest() : []
    }
  }

  function tidyNow(): void {
    try {
      tidy()
    } catch (error) {
      deps.log.error('content could not be destroyed', { error: String(error) })
    }
  }

  return {
    /** Keeps bytes for `belongsTo` (the id of a request), in the transaction of the caller. Throws when they cannot be sealed. */
    put(bytes: Buffer, belongsTo: string): void {
      const name = hash('sha256', bytes)
      if (table.get(name)) return
      const key = randomBytes(32)
      const body = seal(`content ${name}`, key, bytes)
      const wrapped_key = seal(`content key ${name}`, contentKey(), key)
      const row = { hash: name, belongs_to: belongsTo, created_at: clock.now(), size: body.length }
      table.add({ ...row, wrapped_key, body, shredded_at: null })
      // Not within the transaction of the caller, whose end is not certain yet.
      if (table.bytes() <= deps.maxBytes()) return
      cancelSoon()
      cancelSoon = clock.after(0, tidyNow)
    },

    /** What there is under a hash. Throws when it was changed, or the key of contents is another. */
    get(name: string): Kept {
      const row = table.get(name)
      if (!row) return null
      if (!row.body || !row.wrapped_key) return { shreddedAt: row.shredded_at ?? 0 }
      const key = unseal(`content key ${name}`, contentKey(), row.wrapped_key)
      const bytes = unseal(`content ${name}`, key, row.body)
      if (hash('sha256', bytes) !== name) throw new Error('the content does not fit its hash')
      return { bytes }
    },

    /** Destroys what need not be kept any longer, now, every hour, and when there is too much; gives what ends that. */
    keepTidy(): () => void {
      const again = () => {
        tidyNow()
        cancel = clock.after(tidyEveryMs, again)
      }
      again()
      return () => {
        cancel()
        cancelSoon()
      }
    },
  }
}
