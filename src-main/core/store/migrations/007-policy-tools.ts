/**
 * What calls can be decided again from (`replay_pictures`, one beside the record of each decision), why a policy was changed
 * before it comes into force (`policy_intents`), and the commit that its files were in when it did.
 */
export const policyTools = `
CREATE TABLE replay_pictures (
  seq INTEGER PRIMARY KEY,
  body TEXT NOT NULL
) STRICT;
CREATE TABLE policy_intents (
  hash TEXT PRIMARY KEY,
  reason TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
ALTER TABLE policy_snapshots ADD COLUMN git_commit TEXT;
`
