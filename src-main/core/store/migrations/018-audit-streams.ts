/**
 * Where records are sent as they are made. `secret` names in the vault the value of the header; `start` is the place in the log at which a
 * stream begins, as JSON text; `sent` and `checkpoint` are the last record and the size of the last checkpoint that its collector has.
 * `failing_since` and `told` outlive a restart, so that a long failure is told once.
 */
export const auditStreams = `
CREATE TABLE audit_streams (
  name TEXT PRIMARY KEY,
  url TEXT NOT NULL,
  reach TEXT NOT NULL,
  header TEXT,
  secret TEXT,
  added_at TEXT NOT NULL,
  start TEXT NOT NULL,
  sent INTEGER NOT NULL,
  checkpoint INTEGER NOT NULL,
  last_success TEXT,
  failing_since TEXT,
  told INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`
