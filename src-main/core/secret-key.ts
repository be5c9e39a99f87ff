import { randomBytes } from 'node:crypto'
import type { Secrets } from './ports.ts'

/** A key of this instance (32 bytes), made when it is first asked for. Throws when the store of secrets refuses. */
export function secretKey(secrets: Secrets, name: string): Buffer {
  const known = secrets.get(name)
  if (known) return known
  const made = randomBytes(32)
  secrets.set(name, made)
  return made
}
