import type { Adapter, AdapterPayload } from 'oidc-provider'
import type { OAuthTable } from '../../store/oauth-tables.ts'
import { accountId, consentOf } from './granting.ts'
import { hashId } from './hash-id.ts'
import { createShortLived } from './short-lived.ts'

/** A client that registered and to which nobody says yes is forgotten after so long (s). */
const unconfirmedSec = 60 * 60

type Keeping = {
  table: OAuthTable
  now: () => number
  /** Where what is kept comes from and is good: at this public origin, or at this machine (null). Nothing else is found. */
  publicOrigin: string | null
  /** It is no origin of this gateway any more: nothing is kept for it. */
  over: () => boolean
  /** Something that a client was given for a tenant, empty for nobody in particular, was ended; what it has open must end with it. */
  onEnded: (client: string, tenant: string) => void
}

/**
 * Where the authorization server keeps what it knows of one origin. INVARIANT: the id of a record, which is the token or code itself, is never
 * written: a record is found by its hash, and the id is put back from what was asked for. What only lives while a browser waits stays in memory.
 */
export function createAdapters(keeping: Keeping): (model: string) => Adapter {
  const shortLived = createShortLived(keeping.now)
  return (model) => {
    if (model === 'Interaction') return shortLived
    // Nothing is remembered of a browser: each authorization is asked for anew.
    if (model === 'Session') return forgetful
    return stored(model, keeping)
  }
}

function stored(model: string, { table, now, publicOrigin, over, onEnded }: Keeping): Adapter {
  const seconds = () => Math.floor(now() / 1000)
  const get = (key: Buffer) => {
    const row = table.get(model, key)
    return row?.public_origin === publicOrigin && !over() ? row : null
  }
  return {
    ...noOtherIds,
    async upsert(id, payload, expiresIn) {
      if (over()) throw usedAlready()
      table.sweep(seconds())
      const { jti: _never, ...body } = payload
      const key = hashId(id)
      // It began to change its registration before a person did, and its right to has ended since.
      if (model === 'Client' && get(key) && !table.hasOf('RegistrationAccessToken', id)) throw usedAlready()
      table.put({
        ...{ model, key, body: JSON.stringify(body) },
        client: (model === 'Client' ? id : payload.clientId) ?? null,
        grant_key: typeof payload.grantId === 'string' ? hashId(payload.grantId) : null,
        public_origin: publicOrigin,
        expires_at: model === 'Client' ? clientEnd(key) : expiresIn ? seconds() + expiresIn : null,
      })
    },
    async find(id) {
      const row = get(hashId(id))
      if (!row || (row.expires_at !== null && row.expires_at <= seconds())) return undefined
      const body = JSON.parse(row.body) as AdapterPayload
      if (model === 'Client') return body
      // What is kept of earlier versions says the login name, which introspection would tell.
      return { ...body, jti: id, ...(body.accountId === undefined ? {} : { accountId }) }
    },
    async consume(id) {
      const row = get(hashId(id))
      const body = row && (JSON.parse(row.body) as AdapterPayload)
      // INVARIANT: of two that come at the same moment only one is the first; the library looks a moment before it says so.
      if (!row || !body || body.consumed !== undefined) {
        if (row?.grant_key) ended(row.grant_key, table.removeTokens)
        throw usedAlready()
      }
      table.put({ ...row, body: JSON.stringify({ ...body, consumed: seconds() }) })
    },
    async destroy(id) {
      const key = hashId(id)
      if (model === 'Grant') ended(key, table.removeGrant)
      else if (model === 'Client') table.removeClient(id)
      else {
        const grant = table.get(model, key)?.grant_key
        table.remove(model, key)
        if (grant && isToken(model)) ended(grant, () => {})
      }
    },
    async revokeByGrantId(grantId) {
      ended(hashId(grantId), table.removeTokens)
    },
  }

  /** Ends something that hangs on a yes, and says whose it was, for which tenant; that is told by the yes itself, which may go with it. */
  function ended(grant: Buffer, end: (grant: Buffer) => void): void {
    const client = table.consent(grant)?.client
    const tenant = consentOf(table, grant)?.tenant ?? ''
    end(grant)
    if (client !== undefined) onEnded(client, tenant)
  }

  /** One that was confirmed stays so when it changes its registration. */
  function clientEnd(key: Buffer): number | null {
    const before = get(key)
    return before && before.expires_at === null ? null : seconds() + unconfirmedSec
  }
}

function isToken(model: string): boolean {
  return model === 'AccessToken' || model === 'RefreshToken'
}

/** What the library tells a client whose code or refresh token was used (RFC 6749, 5.2). */
function usedAlready(): Error {
  const told = { expose: true, status: 400, statusCode: 400, error_description: 'it was used already' }
  return Object.assign(new Error('invalid_grant'), told)
}

const noOtherIds = {
  findByUid: async () => undefined,
  findByUserCode: async () => undefined,
}

const forgetful: Adapter = {
  ...noOtherIds,
  upsert: async () => undefined,
  find: async () => undefined,
  consume: async () => undefined,
  destroy: async () => undefined,
  revokeByGrantId: async () => undefined,
}
