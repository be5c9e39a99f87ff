/**
 * What each client has called before, and how much it usually asks for; and for what observe mode is on: `scope` is `all`, or
 * `server` or `client` with its `name`.
 */
export const risk = `
CREATE TABLE called_tools (
  client TEXT NOT NULL,
  server TEXT NOT NULL,
  tool TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  PRIMARY KEY (client, server, tool)
) STRICT, WITHOUT ROWID;
CREATE TABLE usual_calls (
  client TEXT PRIMARY KEY,
  per_minute REAL NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE observing (
  scope TEXT NOT NULL,
  name TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (scope, name)
) STRICT, WITHOUT ROWID;
ALTER TABLE clients ADD COLUMN scopes TEXT;
ALTER TABLE clients ADD COLUMN tenant TEXT;
`
