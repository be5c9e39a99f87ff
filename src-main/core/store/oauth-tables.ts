import type { Db } from './database.ts'

/** One record of the authorization server: `key` is SHA-256 of its id, `expires_at` in seconds since 1970, null for no end. */
export type OAuthRow = {
  model: string
  key: Buffer
  client: string | null
  grant_key: Buffer | null
  body: string
  expires_at: number | null
  /** The public origin by which it came to be; null for this machine. */
  public_origin: string | null
}
export type OAuthTable = ReturnType<typeof oauthTable>

/** What a person agreed to, as JSON text, by the SHA-256 of its grant's id. */
type ConsentRow = { grant_key: Buffer; client: string; body: string }

const countUnconfirmed =
  "SELECT count(*) FROM oauth_records WHERE model = 'Client' AND expires_at IS NOT NULL AND public_origin IS ?"

/** Deletes records, and with them what nothing is left for. */
function forgetting(db: Db) {
  const orphaned = db.prepare(
    `DELETE FROM oauth_consents WHERE grant_key NOT IN (SELECT key FROM oauth_records WHERE model = 'Grant')`,
  )
  // They have no end of their own. Tokens and codes do, and are also of clients that a document names, which have no row.
  const ofNobody = db.prepare(
    `DELETE FROM oauth_records WHERE model = 'RegistrationAccessToken'
     AND client NOT IN (SELECT client FROM oauth_records WHERE model = 'Client')`,
  )
  return (run: () => { changes: number }) =>
    db.transaction(() => {
      if (run().changes === 0) return
      orphaned.run()
      ofNobody.run()
    })()
}

/** Reads and writes what the authorization server keeps. Nothing in it opens anything: what does is only known by its hash. */
export function oauthTable(db: Db) {
  const get = db.prepare<[string, Buffer], OAuthRow>('SELECT * FROM oauth_records WHERE model = ? AND key = ?')
  const put = db.prepare(
    `INSERT INTO oauth_records (model, key, client, grant_key, body, expires_at, public_origin)
     VALUES (@model, @key, @client, @grant_key, @body, @expires_at, @public_origin)
     ON CONFLICT (model, key) DO UPDATE SET client = excluded.client, grant_key = excluded.grant_key,
       public_origin = excluded.public_origin, body = excluded.body, expires_at = excluded.expires_at`,
  )
  const remove = db.prepare('DELETE FROM oauth_records WHERE model = ? AND key = ?')
  const ofGrant = db.prepare('DELETE FROM oauth_records WHERE grant_key = ?')
  const consentOfGrant = db.prepare('DELETE FROM oauth_consents WHERE grant_key = ?')
  const ofClient = db.prepare('DELETE FROM oauth_records WHERE client = ?')
  const ofModel = db.prepare('DELETE FROM oauth_records WHERE model = ? AND client = ?')
  const anyOfModel = db.prepare('SELECT 1 FROM oauth_records WHERE model = ? AND client = ? LIMIT 1')
  const consentsOfClient = db.prepare('DELETE FROM oauth_consents WHERE client = ?')
  const expired = db.prepare('DELETE FROM oauth_records WHERE expires_at <= ?')
  const keep = db.prepare("UPDATE oauth_records SET expires_at = NULL WHERE model = 'Client' AND key = ?")
  const unconfirmed = db.prepare<[string | null], number>(countUnconfirmed).pluck()
  const consent = db.prepare<[Buffer], ConsentRow>('SELECT * FROM oauth_consents WHERE grant_key = ?')
  const consents = db.prepare<[string], ConsentRow>('SELECT * FROM oauth_consents WHERE client = ?')
  const live = db
    .prepare<[Buffer, number], number>(
      `SELECT count(*) FROM oauth_records WHERE grant_key = ? AND model IN ('AccessToken', 'RefreshToken')
       AND expires_at > ? AND json_extract(body, '$.consumed') IS NULL`,
    )
    .pluck()
  const ofOthers = db.prepare('DELETE FROM oauth_records WHERE public_origin IS NOT NULL AND public_origin IS NOT ?')
  const putConsent = db.prepare('INSERT OR REPLACE INTO oauth_consents (grant_key, client, body) VALUES (?, ?, ?)')
  const forget = forgetting(db)

  return {
    get: (model: string, key: Buffer) => get.get(model, key) ?? null,
    put: (row: OAuthRow) => void put.run(row),
    remove: (model: string, key: Buffer) => void remove.run(model, key),
    /** Ends the tokens and codes that hang on one consent. */
    removeTokens: (grantKey: Buffer) => void ofGrant.run(grantKey),
    /** The same, and the consent itself. */
    removeGrant(grantKey: Buffer): void {
      db.transaction(() => {
        ofGrant.run(grantKey)
        remove.run('Grant', grantKey)
        consentOfGrant.run(grantKey)
      })()
    },
    /** Whether there is a record of this kind of a client. */
    hasOf: (model: string, client: string) => anyOfModel.get(model, client) !== undefined,
    /** Ends the records of one kind of a client. */
    removeOf: (model: string, client: string) => void ofModel.run(model, client),
    /** Ends everything that came by another public origin than this one. */
    removeOthers: (publicOrigin: string | null) => forget(() => ofOthers.run(publicOrigin)),
    /** Ends everything of a client, its registration included. */
    removeClient(client: string): void {
      db.transaction(() => {
        ofClient.run(client)
        consentsOfClient.run(client)
      })()
    },
    /** Forgets what has ended before `now`, in seconds since 1970. */
    sweep: (now: number) => forget(() => expired.run(now)),
    /** A person said yes to this client: it is kept from now on. */
    keepClient: (key: Buffer) => void keep.run(key),
    /** How many clients registered at an origin, null for this machine, to which nobody has said yes. */
    unconfirmed: (publicOrigin: string | null) => unconfirmed.get(publicOrigin) ?? 0,
    consent: (grantKey: Buffer) => consent.get(grantKey) ?? null,
    consentsOf: (client: string) => consents.all(client),
    /** Whether a token of a consent is still good at `now`, in seconds since 1970. */
    isLive: (grantKey: Buffer, now: number) => (live.get(grantKey, now) ?? 0) > 0,
    putConsent: (grantKey: Buffer, client: string, body: string) => void putConsent.run(grantKey, client, body),
  }
}
