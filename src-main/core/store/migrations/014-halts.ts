/** What is halted, as JSON text; `name` is empty for everything. What was stopped before is halted. */
export const halts = `
CREATE TABLE halts (
  scope TEXT NOT NULL,
  name TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (scope, name)
) STRICT, WITHOUT ROWID;
INSERT INTO halts (scope, name, body)
  SELECT 'all', '', '{"reason":"","since":null,"by":"","door":"","tripped_by":null}' FROM facts WHERE name = 'stopped';
DELETE FROM facts WHERE name = 'stopped';
`
