/** Client entries that come over HTTP: SHA-256 of their bearer token, never the token. Entries without one come through a shim. */
export const tokens = `
ALTER TABLE clients ADD COLUMN kind TEXT NOT NULL DEFAULT 'stdio';
ALTER TABLE clients ADD COLUMN token_hash BLOB;
CREATE UNIQUE INDEX clients_token ON clients (token_hash) WHERE token_hash IS NOT NULL;
`
