/**
 * What the files in force say as data, so that a start need not read their YAML again. `hash` is that of the text, `reader` what read it,
 * `content` JSON; `seal` shows that this instance wrote the row.
 */
export const policyReadings = `
CREATE TABLE policy_readings (
  hash TEXT PRIMARY KEY,
  reader TEXT NOT NULL,
  content TEXT NOT NULL,
  seal BLOB NOT NULL
) STRICT, WITHOUT ROWID;
`
