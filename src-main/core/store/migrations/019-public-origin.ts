/** The public origin by which a client of somebody else came, and all that the authorization server keeps of it; NULL for this machine. */
export const publicOrigin = `
ALTER TABLE clients ADD COLUMN public_origin TEXT;
ALTER TABLE oauth_records ADD COLUMN public_origin TEXT;
`
