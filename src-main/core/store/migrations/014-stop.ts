/**
 * What is halted, as JSON text; `name` is empty for everything. What was stopped before is halted. And incidents, with their notes,
 * which are only ever added.
 */
export const stop = `
CREATE TABLE halts (
  scope TEXT NOT NULL,
  name TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (scope, name)
) STRICT, WITHOUT ROWID;
INSERT INTO halts (scope, name, body)
  SELECT 'all', '', '{"reason":"","since":null,"by":"","door":"","tripped_by":null}' FROM facts WHERE name = 'stopped';
DELETE FROM facts WHERE name = 'stopped';
CREATE TABLE incidents (
  id TEXT PRIMARY KEY,
  body TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  closed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE incident_notes (
  incident TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX notes_of_incidents ON incident_notes (incident);
`
