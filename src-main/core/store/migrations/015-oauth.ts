/**
 * What the authorization server keeps: clients, tokens, codes and what people agreed to. Whatever opens something is known by the
 * SHA-256 of its id only. A client that registered and to which nobody said yes has an end.
 */
export const oauth = `
CREATE TABLE oauth_records (
  model TEXT NOT NULL,
  key BLOB NOT NULL,
  client TEXT,
  grant_key BLOB,
  body TEXT NOT NULL,
  expires_at INTEGER,
  PRIMARY KEY (model, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX oauth_of_grants ON oauth_records (grant_key) WHERE grant_key IS NOT NULL;
CREATE INDEX oauth_of_clients ON oauth_records (client) WHERE client IS NOT NULL;
CREATE INDEX oauth_ends ON oauth_records (expires_at) WHERE expires_at IS NOT NULL;
CREATE TABLE oauth_consents (
  grant_key BLOB PRIMARY KEY,
  client TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX consents_of_clients ON oauth_consents (client);
`
