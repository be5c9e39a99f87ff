/** Servers, reviewed tools, client entries, late grants, and small facts of this instance. */
export const registry = `
CREATE TABLE servers (
  name TEXT PRIMARY KEY,
  body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE tools (
  server TEXT NOT NULL REFERENCES servers (name) ON DELETE CASCADE,
  name TEXT NOT NULL,
  review TEXT NOT NULL,
  definition TEXT NOT NULL,
  PRIMARY KEY (server, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE clients (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  created_at TEXT NOT NULL,
  last_seen TEXT,
  revoked INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE TABLE grants (
  id TEXT PRIMARY KEY,
  approval_id TEXT NOT NULL,
  binding TEXT NOT NULL,
  level INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX grants_binding ON grants (binding);
CREATE TABLE facts (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`
