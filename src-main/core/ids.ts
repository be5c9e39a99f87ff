import { drawBytes } from './random.ts'

/** A new id such as `call_019a…`: 48 bits of time, so that ids sort by age, then 64 random bits. */
export function newId(prefix: 'call' | 'apr' | 'grant' | 'client' | 'session', now: number): string {
  return `${prefix}_${now.toString(16).padStart(12, '0')}${drawBytes(8).toString('hex')}`
}
