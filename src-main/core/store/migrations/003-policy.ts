/** Every policy snapshot that was ever in force, with its files word for word. The newest row is the one in force. */
export const policy = `
CREATE TABLE policy_snapshots (
  id INTEGER PRIMARY KEY,
  hash TEXT NOT NULL,
  files TEXT NOT NULL,
  author TEXT NOT NULL,
  reviewer TEXT,
  reason TEXT NOT NULL,
  in_force_at TEXT NOT NULL
) STRICT;
`
