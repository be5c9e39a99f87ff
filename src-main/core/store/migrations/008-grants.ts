/**
 * What people's answers let run without asking again; kept after they end, so that they can be listed. Grants of before lived ten
 * minutes: those that are open are dropped, and their calls ask once more.
 */
export const grants = `
DROP TABLE grants;
CREATE TABLE grants (
  id TEXT PRIMARY KEY,
  state TEXT NOT NULL,
  approval_id TEXT NOT NULL,
  client TEXT NOT NULL,
  client_name TEXT NOT NULL,
  user TEXT NOT NULL,
  server TEXT NOT NULL,
  tool TEXT NOT NULL,
  scope TEXT NOT NULL,
  duration TEXT NOT NULL,
  says TEXT NOT NULL,
  bounds TEXT NOT NULL,
  call_hash TEXT,
  lineage TEXT,
  pin TEXT NOT NULL,
  snapshot TEXT NOT NULL,
  level INTEGER NOT NULL,
  by TEXT NOT NULL,
  door TEXT NOT NULL,
  reason TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  max_hours INTEGER NOT NULL,
  used INTEGER NOT NULL DEFAULT 0,
  last_used INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX grants_for ON grants (client, server, tool) WHERE state = 'active';
`
