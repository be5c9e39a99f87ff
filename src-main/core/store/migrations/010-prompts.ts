/**
 * What people were asked, drawn from the record: one row for each request, times in milliseconds since 1970, `rules` as JSON.
 * It can be drawn again at any time; `prompts_read` says up to which record it was.
 */
export const prompts = `
CREATE TABLE prompts (
  id TEXT PRIMARY KEY,
  opened_at INTEGER NOT NULL,
  settled_at INTEGER,
  outcome TEXT NOT NULL,
  client TEXT NOT NULL,
  server TEXT NOT NULL,
  tool TEXT NOT NULL,
  rules TEXT NOT NULL,
  waited_ms INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX prompts_by_time ON prompts (opened_at);
CREATE INDEX prompts_open ON prompts (outcome) WHERE outcome = 'pending';
CREATE TABLE prompts_read (one INTEGER PRIMARY KEY CHECK (one = 1), through INTEGER NOT NULL) STRICT;
INSERT INTO prompts_read (one, through) VALUES (1, 0);
`
