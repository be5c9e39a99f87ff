/** What a client of somebody else said that it comes for when a person let it in. */
export const clientPurpose = `
ALTER TABLE clients ADD COLUMN purpose TEXT;
`
