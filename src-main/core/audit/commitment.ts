import { hash } from 'node:crypto'
import { drawBytes } from '../random.ts'

/**
 * A salted commitment to the raw bytes of a call's `params`: `hash` (hex SHA-256 of salt, then bytes) goes into the record,
 * `salt` is kept apart from the records. Without the salt nobody can tell, even by guessing, what the arguments were.
 */
export type Commitment = { hash: string; salt: Buffer }

/** Bytes of a salt. */
export const saltBytes = 32

/** Commits to the raw bytes of `params` under a fresh salt. */
export function commitTo(params: Uint8Array): Commitment {
  const salt = drawBytes(saltBytes)
  return { hash: hash('sha256', Buffer.concat([salt, params]), 'hex'), salt }
}
