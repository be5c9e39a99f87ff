import { drawBytes } from './random.ts'

let last = 0
let inSame = 0

/**
 * A new id such as `call_019a…`: 48 bits of time (ms since 1970), 16 bits that count within a millisecond, so that ids of one
 * process sort by age, then 48 random bits. Ids name things and prove nothing.
 */
export function newId(
  prefix: 'call' | 'apr' | 'grant' | 'client' | 'session' | 'plan' | 'incident' | 'person' | 'stream',
  now: number,
): string {
  inSame = now === last ? (inSame + 1) & 0xffff : 0
  last = now
  const place = now.toString(16).padStart(12, '0') + inSame.toString(16).padStart(4, '0')
  return `${prefix}_${place}${drawBytes(6).toString('hex')}`
}
