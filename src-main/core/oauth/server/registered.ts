import { CallError } from '../../../../shared/call-errors.ts'
import type { AppRegistration } from '../../../../shared/consents.ts'
import type { OAuthTable } from '../../store/oauth-tables.ts'
import { hashId } from './hash-id.ts'
import { acceptedMetadata, isLoopback, Unfit } from './registration.ts'

/** What an app registered, or a person made of it since; null for one that did not register, as one that a document names. */
export function registrationOf(client: string, table: OAuthTable): AppRegistration | null {
  const row = table.get('Client', hashId(client))
  if (!row) return null
  const { redirect_uris, purpose } = JSON.parse(row.body) as { redirect_uris: string[]; purpose?: string }
  return { redirect_uris: [...redirect_uris], purpose: purpose ?? '' }
}

/**
 * Changes where the answers of an app go, and what it comes for. What it holds stays good, but for what it would change its registration
 * with, and codes that nobody fetched: it must not take this back by itself. Gives what is written. Throws `CallError` NOT_FOUND and BAD_INPUT.
 */
export function changedRegistration(client: string, change: AppRegistration, table: OAuthTable) {
  const row = table.get('Client', hashId(client))
  if (!row)
    throw new CallError('NOT_FOUND', 'this app did not register here, so its own document says that', 'ask its maker')
  const body = JSON.parse(row.body) as Record<string, unknown>
  try {
    const { redirect_uris, purpose = '' } = acceptedMetadata({ ...body, ...change })
    const { purpose: _before, ...rest } = body
    const text = JSON.stringify({ ...rest, redirect_uris, ...(purpose === '' ? {} : { purpose }) })
    const write = () => {
      table.put({ ...row, body: text })
      for (const model of ['RegistrationAccessToken', 'AuthorizationCode']) table.removeOf(model, client)
    }
    return { made: { redirect_uris, purpose }, before: body.redirect_uris, write }
  } catch (error) {
    if (error instanceof Unfit) throw new CallError('BAD_INPUT', error.message, 'mend the address')
    throw error
  }
}

/** Whether an answer may go to an address that is registered; of an address of this machine the port does not count (RFC 8252, 7.3). */
export function isRegistered(redirect: string, registered: readonly string[]): boolean {
  return registered.some((uri) => uri === redirect || withoutPort(uri) === withoutPort(redirect))
}

function withoutPort(uri: string): string {
  const url = new URL(uri)
  if (url.protocol === 'http:' && isLoopback(url.hostname)) url.port = ''
  return url.href
}
