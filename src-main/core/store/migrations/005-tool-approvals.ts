/** Who approved a tool, when, and until when that counts, as JSON. */
export const toolApprovals = `
ALTER TABLE tools ADD COLUMN approval TEXT;
`
