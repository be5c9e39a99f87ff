import { createHash } from 'node:crypto'

/** SHA-256 of what opens something: a token, a code, an id. Only this is kept, so what is looked up says nothing of it by its time. */
export function hashId(id: string): Buffer {
  return createHash('sha256').update(id).digest()
}
