import type { IncomingMessage } from 'node:http'
import type { OAuthTable } from '../../store/oauth-tables.ts'
import { hashId } from './hash-id.ts'

/** As much as the library takes. */
const longestBody = 56 * 1024

/** The body of a request for a token; null when it is too long or never came whole. */
export async function bodyOf(req: IncomingMessage): Promise<Buffer | null> {
  const parts: Buffer[] = []
  let length = 0
  try {
    for await (const part of req.iterator({ destroyOnReturn: false })) {
      length += part.length
      if (length > longestBody) return null
      parts.push(part)
    }
  } catch {
    return null
  }
  return Buffer.concat(parts)
}

/** The same request with its body still to be read, for the library, which reads it itself. */
export function unread(req: IncomingMessage, body: Buffer): IncomingMessage {
  async function* iterator() {
    if (body.length > 0) yield body
  }
  return Object.create(req, { readable: { value: true }, iterator: { value: iterator } })
}

/**
 * The client that a token or code in a request for one belongs to, by its hash alone; null when it brings none that is known here. Whether it
 * is still good, and in the right hands, is not looked at.
 */
export function clientIn(body: Buffer, table: OAuthTable, publicOrigin: string | null): string | null {
  const fields = new URLSearchParams(body.toString('latin1'))
  const models = [
    ['refresh_token', 'RefreshToken'],
    ['code', 'AuthorizationCode'],
    ['token', 'AccessToken'],
    ['token', 'RefreshToken'],
  ] as const
  for (const [field, model] of models) {
    const id = fields.get(field)
    const row = id ? table.get(model, hashId(id)) : null
    if (row && row.public_origin === publicOrigin) return row.client
  }
  return null
}
