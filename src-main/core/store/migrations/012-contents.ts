/**
 * Content that records commit to by hash: `body` is sealed with a key of its own, `wrapped_key` is that key, sealed with the
 * instance's content key. Destroying both (`shredded_at`) leaves the commitment, and nothing that it is to.
 * Records of requests, settled or held, are found by the request; one that was damaged must not keep the database from opening.
 */
export const contents = `
CREATE TABLE contents (
  hash TEXT PRIMARY KEY,
  belongs_to TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  size INTEGER NOT NULL,
  wrapped_key BLOB,
  body BLOB,
  shredded_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX contents_by_age ON contents (created_at, size) WHERE shredded_at IS NULL;
CREATE INDEX settled_requests ON audit_entries (
  CASE WHEN json_valid(body) THEN json_extract(body, '$.detail.approval_id') END
) WHERE state = 'approval.settled';
CREATE INDEX held_requests ON audit_entries (
  CASE WHEN json_valid(body) THEN json_extract(body, '$.approval_id') END
) WHERE state = 'held';
`
