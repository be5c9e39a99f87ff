/**
 * The append-only audit log, its checkpoints, and the salts of argument commitments (kept apart so that they can be
 * destroyed). `body` is the truth; `call_id`, `state` (of a call, or the name of an event) and `server` only serve searches.
 * The triggers guard against accidents; against people there are the hashes.
 */
export const audit = `
CREATE TABLE audit_entries (
  seq INTEGER PRIMARY KEY,
  body TEXT NOT NULL,
  hash BLOB NOT NULL,
  call_id TEXT,
  state TEXT NOT NULL,
  server TEXT
) STRICT;
CREATE INDEX audit_entries_call ON audit_entries (call_id) WHERE call_id IS NOT NULL;
CREATE INDEX audit_entries_server ON audit_entries (server) WHERE server IS NOT NULL;
CREATE INDEX audit_entries_gap ON audit_entries (seq) WHERE state = 'audit.gap';
CREATE TRIGGER audit_entries_no_update BEFORE UPDATE ON audit_entries BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_entries_no_delete BEFORE DELETE ON audit_entries BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_entries_no_replace BEFORE INSERT ON audit_entries WHEN EXISTS (SELECT 1 FROM audit_entries WHERE seq = NEW.seq)
  BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TABLE audit_checkpoints (
  size INTEGER PRIMARY KEY,
  note TEXT NOT NULL,
  peaks TEXT NOT NULL,
  open_calls TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_checkpoints_no_update BEFORE UPDATE ON audit_checkpoints BEGIN SELECT RAISE(ABORT, 'checkpoints are append-only'); END;
CREATE TRIGGER audit_checkpoints_no_delete BEFORE DELETE ON audit_checkpoints BEGIN SELECT RAISE(ABORT, 'checkpoints are append-only'); END;
CREATE TABLE argument_salts (
  call_id TEXT NOT NULL,
  salt BLOB NOT NULL,
  PRIMARY KEY (call_id, salt)
) STRICT, WITHOUT ROWID;
`
