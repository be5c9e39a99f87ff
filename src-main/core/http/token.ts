import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { ClientsTable } from '../store/registry-tables.ts'
import type { Caller } from './exchange.ts'

/** 256 random bits behind a prefix by which people and scanners recognise what leaked. */
const shape = /^Bearer +(tg_[\w-]{43})$/i

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

/** A new bearer token, and the hash by which it is known from then on. */
export function newToken(): { token: string; hash: Buffer } {
  const token = `tg_${randomBytes(32).toString('base64url')}`
  return { token, hash: hashOf(token) }
}

/**
 * The client whose token an `Authorization` header carries; null for every other header, whatever is wrong with it. What
 * is compared are hashes, so how long it takes says nothing about a token.
 */
export function clientOfToken(authorization: string | undefined, clients: ClientsTable): Caller | null {
  const token = shape.exec(authorization ?? '')?.[1]
  if (token === undefined) return null
  const hash = hashOf(token)
  const row = clients.byToken(hash)
  if (!row?.token_hash || !timingSafeEqual(row.token_hash, hash)) return null
  if (row.revoked !== 0 || row.kind !== 'http') return null
  return { id: row.id, name: row.name, scopes: row.scopes, tenant: row.tenant ?? '' }
}
