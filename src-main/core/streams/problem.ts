import { resendDelay } from '../upstream/backoff.ts'
import type { Said } from './collector.ts'

/** Why a collector does not have what it was sent, and what to do; `waits`: nothing but a person changes it. */
export type Problem = { text: string; hint: string; waits: boolean; retryAfter?: string | undefined }

/** What only a person can mend is tried so rarely (ms), in case that it was mended at the collector. */
const waitsMs = 900_000
/** Longer (ms) than this no collector keeps its records waiting by asking for it. */
const longestAskedMs = 3_600_000

const byItself = 'it is tried again by itself; see that the collector runs, and what it logs'
const newAddress =
  'see that its address takes POST of application/x-ndjson, or give another one with `toolgate audit stream set`'
const newHeader = 'give the right one with `toolgate audit stream set`'

/** What is wrong with an answer; null when the collector took the lines. */
export function problemOf({ status, retryAfter }: Said): Problem | null {
  if (status >= 200 && status <= 299) return null
  const said = `HTTP ${status}`
  const lasting = (text: string, hint: string): Problem => ({
    text: `the collector ${text} (${said})`,
    hint,
    waits: true,
  })
  if (status === 401 || status === 403) return lasting('does not accept the secret header, or needs one', newHeader)
  if (status >= 300 && status <= 399) return lasting('answers with a redirect, which is not followed', newAddress)
  if (status === 413) return lasting('finds a single record too long', 'let the collector take longer requests')
  if (status >= 500 || [408, 425, 429].includes(status)) {
    return { text: `the collector cannot take records right now (${said})`, hint: byItself, waits: false, retryAfter }
  }
  return lasting('refuses what it is sent', newAddress)
}

/** The same when no answer came. */
export function unreached({ message }: Error): Problem {
  return { text: `the collector cannot be reached: ${message}`, hint: byItself, waits: false }
}

/** What keeps a stream from sending at all, whatever its collector would say. */
export const unreadable: Problem = {
  text: 'the record cannot be read or flushed to the disk right now, so nothing is sent',
  hint: 'see `toolgate doctor`',
  waits: false,
}

/** The same where it is the vault. */
export const headerGone: Problem = {
  text: 'the value of its header cannot be read from the vault, so nothing is sent',
  hint: 'see `toolgate doctor`, and give it again with `toolgate audit stream set`',
  waits: true,
}

/**
 * How long (ms) it waits before it is tried again, after so many `tries` (1 or more) that failed: longer each time up to some minutes, and at least as
 * long as the collector asked for, within bounds. `chance` in [0, 1) spreads it.
 */
export function waitAfter(problem: Problem, tries: number, now: number, chance: number): number {
  if (problem.waits) return waitsMs * (0.75 + chance / 4)
  return Math.max(resendDelay(tries - 1, chance), Math.min(askedMs(problem.retryAfter, now), longestAskedMs))
}

/** `Retry-After` (RFC 9110): seconds, or a date; 0 when it is neither. */
function askedMs(text: string | undefined, now: number): number {
  if (text === undefined || text.length > 64) return 0
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000
  const date = Date.parse(text)
  return Number.isNaN(date) ? 0 : Math.max(date - now, 0)
}
