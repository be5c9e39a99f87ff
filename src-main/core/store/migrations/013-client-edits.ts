/**
 * Configuration files of clients that Toolgate changed: the hash of what it wrote, and the client entry that is named there. What
 * they were lies sealed in the vault, since it may hold keys.
 */
export const clientEdits = `
CREATE TABLE client_edits (
  path TEXT PRIMARY KEY,
  client TEXT NOT NULL,
  entry TEXT NOT NULL,
  at TEXT NOT NULL,
  written TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`
