import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { z } from 'zod'
import { CallError } from '../../../shared/call-errors.ts'
import { unfitPin } from '../../../shared/pin.ts'
import type { Clock, Secrets } from '../ports.ts'

const derive = promisify<string, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(scrypt)

/** Cost of one guess: 32 MiB and some 100 ms (OWASP Password Storage Cheat Sheet, scrypt). */
const cost = { N: 2 ** 15, r: 8, p: 1 }
const maxmem = 64 * 1024 * 1024

const Stored = z.strictObject({
  v: z.literal(1),
  N: z.int(),
  r: z.int(),
  p: z.int(),
  salt: z.base64(),
  hash: z.base64(),
})
const Tries = z.strictObject({ failures: z.int().min(0), locked_until: z.int() })

/** Wrong PINs before the first lock, and how long it lasts; every further mistake doubles it. */
const freeTries = 5
const firstLockMs = 30_000
const longestLockMs = 24 * 3_600_000

/** The fact that a PIN was ever enrolled, kept apart from the PIN: who deletes the one must not pass for a first user. */
export type Enrolment = { known: () => boolean; remember: () => void }

/** Keeps the PIN of one person (`suffix` tells theirs apart; none: the owner's) as a salted scrypt hash among the secrets, and beside it the wrong guesses, so a restart forgives none. */
export function pinStore(secrets: Secrets, clock: Clock, enrolment: Enrolment, suffix = '') {
  const [hashName, triesName] = [`presence-pin${suffix}`, `presence-tries${suffix}`]
  const lost = () => enrolment.known() && secrets.get(hashName) === null

  function tries(): z.infer<typeof Tries> {
    const raw = secrets.get(triesName)
    return raw ? Tries.parse(JSON.parse(raw.toString('utf8'))) : { failures: 0, locked_until: 0 }
  }

  return {
    enrolled: () => secrets.get(hashName) !== null,
    /** True when a PIN was enrolled and is gone. */
    lost,

    /** Stores a new PIN after `record` returned; throws PRESENCE_PIN_UNFIT when it would be guessed, or PRESENCE_LOST. */
    async set(pin: string, record: () => void): Promise<void> {
      if (lost()) throw new CallError('PRESENCE_LOST')
      const unfit = unfitPin(pin)
      if (unfit !== null) throw new CallError('PRESENCE_PIN_UNFIT', unfit)
      const salt = randomBytes(16)
      const hash = await derive(pin.normalize('NFKC'), salt, 32, { ...cost, maxmem })
      const stored: z.infer<typeof Stored> = {
        v: 1,
        ...cost,
        salt: salt.toString('base64'),
        hash: hash.toString('base64'),
      }
      record()
      secrets.set(hashName, Buffer.from(JSON.stringify(stored)))
      enrolment.remember()
      secrets.delete(triesName)
    },

    /** Leaves nothing of the PIN. */
    forget(): void {
      secrets.delete(hashName)
      secrets.delete(triesName)
    },

    /** Returns when `pin` is the enrolled one; else throws PRESENCE_PIN_WRONG, _LOCKED, _LOST or _NOT_ENROLLED. */
    async check(pin: string): Promise<void> {
      const raw = secrets.get(hashName)
      if (!raw) throw new CallError(lost() ? 'PRESENCE_LOST' : 'PRESENCE_NOT_ENROLLED')
      const stored = Stored.parse(JSON.parse(raw.toString('utf8')))
      const before = tries()
      const wait = lockLeft(before, clock.now())
      if (wait > 0) throw new CallError('PRESENCE_LOCKED', `try again in ${duration(wait)}`)

      // The guess is counted before it is tried, so neither a crash nor guesses side by side get one for free.
      const failures = before.failures + 1
      const lockedUntil = failures < freeTries ? 0 : clock.now() + lockMs(failures)
      secrets.set(triesName, Buffer.from(JSON.stringify({ failures, locked_until: lockedUntil })))
      const hash = await derive(pin.normalize('NFKC'), Buffer.from(stored.salt, 'base64'), 32, {
        N: stored.N,
        r: stored.r,
        p: stored.p,
        maxmem,
      })
      if (!timingSafeEqual(hash, Buffer.from(stored.hash, 'base64'))) throw wrong(failures)
      secrets.delete(triesName)
      if (!enrolment.known()) enrolment.remember()
    },
  }
}

function lockMs(failures: number): number {
  return Math.min(firstLockMs * 2 ** (failures - freeTries), longestLockMs)
}

/** Milliseconds until the next guess; a clock that was set back cannot make it longer than the lock itself. */
function lockLeft(tries: z.infer<typeof Tries>, now: number): number {
  if (tries.failures < freeTries) return 0
  return Math.min(tries.locked_until - now, lockMs(tries.failures))
}

function wrong(failures: number): CallError {
  const left = freeTries - failures
  if (left > 0) return new CallError('PRESENCE_PIN_WRONG', left === 1 ? '1 try left' : `${left} tries left`)
  return new CallError('PRESENCE_PIN_WRONG', `locked for ${duration(lockMs(failures))}`)
}

function duration(ms: number): string {
  const seconds = Math.ceil(ms / 1000)
  if (seconds < 120) return `${seconds} s`
  const minutes = Math.ceil(seconds / 60)
  return minutes < 120 ? `${minutes} min` : `${Math.ceil(minutes / 60)} h`
}
