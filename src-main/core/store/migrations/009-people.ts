/**
 * Who may answer at this machine, kept after they are removed, so that nobody takes the name of another in the record. Whose each
 * client is, and which people gave a grant, as JSON; null: the owner alone, from before there were others.
 */
export const people = `
CREATE TABLE people (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  groups TEXT NOT NULL,
  admin INTEGER NOT NULL,
  removed INTEGER NOT NULL DEFAULT 0,
  away_since INTEGER,
  away_until INTEGER,
  delegate TEXT
) STRICT, WITHOUT ROWID;
ALTER TABLE clients ADD COLUMN person TEXT;
ALTER TABLE grants ADD COLUMN people TEXT;
`
